package dev.lanewise.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** In which order calls are made. */
class SchedulingTest {
  private static final Tensor X = Tensor.full(Shape.of(8, 8), 3);

  private static Graph graph(Function<List<Tensor>, List<Tensor>> function, Tensor... inputs) {
    return Graph.trace(function, List.of(inputs), List.of(new Scheduling()));
  }

  @Test
  void stepsAreMadeAsSoonAsTheirGradientsAreThere() {
    Tensor first = Tensor.zeros(8, 8);
    Tensor second = Tensor.zeros(8, 8);
    Graph graph =
        graph(
            ins -> {
              Tensor a = ins.getFirst().mul(2);
              Tensor b = ins.getFirst().mul(3);
              first.addInPlace(a);
              second.addInPlace(b);
              return List.of();
            },
            X);
    assertEquals(
        """
        input  i0:f32[8, 8]
               t1:f32[8, 8] = mul(x0, p0)(i0:f32[8, 8])
               w3:f32[8, 8] = add(x0, x1)(w3:f32[8, 8], t1:f32[8, 8])
               t2:f32[8, 8] = mul(x0, p0)(i0:f32[8, 8])
               w4:f32[8, 8] = add(x0, x1)(w4:f32[8, 8], t2:f32[8, 8])
        """,
        graph.program().toString());
    assertEquals(2 * 256, MemoryPlan.of(graph.traced()).byteSize());
    assertEquals(256, graph.report().bytes());
    graph.runAll(List.of(X));
    assertArrayEquals(X.mul(2).toFloatArray(), first.toFloatArray());
    assertArrayEquals(X.mul(3).toFloatArray(), second.toFloatArray());
  }

  @Test
  void whatAStepReadsAndWritesKeepsItsTurn() {
    Tensor state = Tensor.ones(8, 8);
    Graph graph =
        graph(
            ins -> {
              Tensor a = ins.getFirst().mul(2);
              Tensor before = state.mul(5);
              state.addInPlace(a);
              Tensor after = state.mul(7);
              return List.of(before.sum().add(after.sum()));
            },
            X);
    assertEquals(64 * (5 + 7 * 7), graph.runAll(List.of(X)).getFirst().item());
    assertEquals(7, state.toFloatArray()[0]);
  }

  @Test
  void nothingPassesAWriteIntoAnInput() {
    Function<List<Tensor>, List<Tensor>> function =
        ins -> {
          Tensor a = ins.getFirst().mul(2);
          Tensor b = ins.getFirst().mul(3);
          ins.getLast().addInPlace(1);
          Tensor c = ins.getFirst().mul(5);
          return List.of(c.sum().add(b.sum()).add(a.sum()));
        };
    Graph graph = graph(function, X, X);
    Tensor both = X.copy();
    assertEquals(64 * (6 + 9 + 20), graph.runAll(List.of(both, both)).getFirst().item());
  }

  @Test
  void aProgramThatWouldNeedAsMuchKeepsItsOrder() {
    Graph graph = graph(ins -> List.of(ins.getFirst().mul(2).add(ins.getFirst().sum())), X);
    assertEquals(graph.traced().toString(), graph.program().toString());
  }
}
