package dev.lanewise.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a graph may be asked for, and what it refuses. */
class GraphTest {
  private static final Tensor X = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}).reshape(2, 3);

  @Test
  void computesWhatTheFunctionDoes() {
    Graph graph = Graph.trace(x -> x.mul(2).add(1).relu(), X);
    assertArrayEquals(new float[] {3, 5, 7, 9, 11, 13}, graph.run(X).toFloatArray());
    assertEquals(1, graph.report().calls());
    assertEquals(3, graph.report().callsBefore());
    assertArrayEquals(
        new float[] {0, 0, 1, 0, 0, 3},
        graph.run(Tensor.of(new float[] {-1, -2, 0, -5, -1, 1}).reshape(2, 3)).toFloatArray());
  }

  @Test
  void resultsAreTheCallersOwn() {
    Graph graph = Graph.trace(x -> x.mul(2), X);
    Tensor first = graph.run(X);
    graph.run(X.mul(10));
    assertEquals(2, first.toFloatArray()[0]);
    Tensor same = Graph.trace(x -> x, X).run(X);
    assertArrayEquals(X.toFloatArray(), same.toFloatArray());
  }

  @Test
  void readsInputsWithGaps() {
    Graph graph = Graph.trace(x -> x.add(1), X);
    Tensor strided = Tensor.arange(6).cast(DType.F32).reshape(3, 2).transpose();
    assertArrayEquals(new float[] {1, 3, 5, 2, 4, 6}, graph.run(strided).toFloatArray());
  }

  @Test
  void readsWhatItCapturedAsItIsThen() {
    Tensor w = Tensor.full(Shape.of(3), 1);
    Graph graph = Graph.trace(x -> x.add(w), X);
    w.fill(10);
    assertEquals(11, graph.run(X).toFloatArray()[0]);
  }

  @Test
  void writesWhatItCapturedInEachRun() {
    Tensor total = Tensor.zeros(2, 3);
    Graph graph =
        Graph.trace(
            x -> {
              total.addInPlace(x);
              return total.sum();
            },
            X);
    assertEquals(0, total.sum().item(), "tracing changes nothing");
    assertEquals(21, graph.run(X).item());
    assertEquals(42, graph.run(X).item());
    assertEquals(42, total.sum().item());
    // What is given to a run is as it was before it, also if the run writes over it.
    assertEquals(84, graph.run(total).item());
  }

  @Test
  void drawsOtherRandomNumbersInEachRun() {
    Generator eager = new Generator(3);
    Generator traced = new Generator(3);
    UnaryOperator<Tensor> noise = x -> x.add(Tensor.randomNormal(traced, Shape.of(2, 3)));
    Graph graph = Graph.trace(noise, X);
    assertEquals(0, traced.position(), "tracing draws nothing");
    Tensor first = graph.run(X);
    Tensor second = graph.run(X);
    assertNotEquals(first.toFloatArray()[0], second.toFloatArray()[0]);
    assertArrayEquals(
        X.add(Tensor.randomNormal(eager, Shape.of(2, 3))).toFloatArray(), first.toFloatArray());
    assertArrayEquals(
        X.add(Tensor.randomNormal(eager, Shape.of(2, 3))).toFloatArray(), second.toFloatArray());
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () -> Graph.trace(x -> x.mul(traced.permutation(4)[0]), X));
    assertTrue(refused.getMessage().startsWith("permutation: "), refused.getMessage());
  }

  @Test
  void hostStepsHappenInEachRun() {
    double[] rate = new double[1];
    List<String> told = new ArrayList<>();
    Graph graph =
        Graph.trace(
            x -> {
              HostStep.run(
                  "count",
                  () -> {
                    rate[0]++;
                    told.add("run");
                  },
                  rate);
              return Tensor.map(Expr.arg(0).mul(Expr.param(0)), rate, x);
            },
            X);
    assertEquals(List.of(), told);
    assertEquals(1, graph.run(X).toFloatArray()[0]);
    assertEquals(2, graph.run(X).toFloatArray()[0]);
    assertEquals(List.of("run", "run"), told);
  }

  @Test
  void eachKernelFindsTheScalarsOfTheStepBeforeIt() {
    double[] factor = new double[1];
    Graph graph =
        Graph.trace(
            x -> {
              Expr scaled = Expr.arg(0).mul(Expr.param(0));
              HostStep.run("first", () -> factor[0] = factor[0] + 1, factor);
              Tensor first = Tensor.map(scaled, factor, x);
              HostStep.run("second", () -> factor[0] = factor[0] + 10, factor);
              return first.add(Tensor.map(scaled, factor, x));
            },
            X);
    assertEquals(1 + 11, graph.run(X).toFloatArray()[0]);
    assertEquals(12 + 22, graph.run(X).toFloatArray()[0]);
  }

  @Test
  void gradientsAreAPartOfIt() {
    Graph graph =
        Graph.trace(
            x -> {
              Tensor leaf = x.detach().requiresGrad(true);
              return Gradients.of(leaf.square().sum(), leaf)[0];
            },
            X);
    assertArrayEquals(X.mul(2).toFloatArray(), graph.run(X).toFloatArray());
  }

  @Test
  void numbersAreNotKnownWhileTracing() {
    for (UnaryOperator<Tensor> reading :
        List.<UnaryOperator<Tensor>>of(
            x -> x.sum().item() > 0 ? x : x.neg(),
            x -> Tensor.of(x.toFloatArray()),
            x -> x.mul(x.data().get(0, 0)))) {
      GraphException refused = assertThrows(GraphException.class, () -> Graph.trace(reading, X));
      assertTrue(refused.getMessage().contains("not known while"), refused.getMessage());
    }
    // Afterwards the thread computes as ever.
    assertEquals(21, X.sum().item());
  }

  @Test
  void tensorsOfATraceHaveNoNumbersAfterIt() {
    Tensor[] kept = new Tensor[1];
    Graph.trace(x -> kept[0] = x.add(1), X);
    GraphException refused = assertThrows(GraphException.class, () -> kept[0].sum());
    assertTrue(refused.getMessage().contains("return it from the function"), refused.getMessage());
    assertThrows(GraphException.class, () -> kept[0].toFloatArray());
    assertThrows(GraphException.class, () -> kept[0].fill(1));
  }

  @Test
  void otherInputsAreRefused() {
    Graph graph = Graph.trace(x -> x.add(1), X);
    String shape =
        assertThrows(ShapeException.class, () -> graph.run(Tensor.zeros(3, 2))).getMessage();
    assertEquals(
        "run: tensor 0 must be f32 [2, 3], as the example was, not f32 [3, 2]; Graph.compile"
            + " traces again for other shapes",
        shape);
    assertThrows(ShapeException.class, () -> graph.run(X.cast(DType.F64)));
    assertThrows(ShapeException.class, () -> graph.run(X, X));
    assertThrows(ShapeException.class, graph::run);
    Tensor dead;
    try (Scope _ = Scope.open()) {
      dead = X.copy();
    }
    assertThrows(IllegalStateException.class, () -> graph.run(dead));
  }

  @Test
  void whatItCapturedMustLive() {
    Graph graph;
    try (Scope _ = Scope.open("weights")) {
      Tensor w = X.copy();
      graph = Graph.trace(x -> x.add(w), X);
      graph.run(X);
    }
    String freed = assertThrows(IllegalStateException.class, () -> graph.run(X)).getMessage();
    assertTrue(freed.contains("scope 'weights'"), freed);
  }

  @Test
  void errorsOfTheFunctionAreThoseOfTheOperations() {
    ShapeException wrong =
        assertThrows(ShapeException.class, () -> Graph.trace(x -> x.matmul(x), X));
    assertTrue(wrong.getMessage().startsWith("matmul: "), wrong.getMessage());
  }

  @Test
  void aGraphIsNeitherTracedNorRunInATrace() {
    Graph inner = Graph.trace(x -> x.add(1), X);
    assertThrows(GraphException.class, () -> Graph.trace(x -> inner.run(x), X));
    assertThrows(GraphException.class, () -> Graph.trace(x -> Graph.trace(y -> y, x).run(x), X));
  }

  @Test
  void aReplayMakesNothingAndReadsTheSameTensors() {
    Tensor x = X.copy();
    Replay replay = Graph.trace(v -> v.mul(v).sum(), X).replay(x);
    replay.run();
    assertEquals(91, replay.outputs().getFirst().item());
    x.fill(2);
    replay.run();
    assertEquals(24, replay.outputs().getFirst().item());
  }

  @Test
  void inputsMayBeWritten() {
    Graph graph = Graph.trace(v -> v.addInPlace(1).sum(), X);
    Tensor plain = X.copy();
    Tensor strided = Tensor.zeros(3, 2).transpose();
    assertEquals(27, graph.run(plain).item());
    assertEquals(6, graph.run(strided).item());
    assertArrayEquals(X.add(1).toFloatArray(), plain.toFloatArray());
    assertArrayEquals(new float[] {1, 1, 1, 1, 1, 1}, strided.toFloatArray());
    graph.replay(strided).run();
    assertEquals(2, strided.toFloatArray()[0]);
  }

  @Test
  void aReplayMayReturnItsInput() {
    Tensor x = X.copy();
    Graph graph = Graph.trace(v -> v, X);
    Replay replay = graph.replay(x);
    graph.run(X);
    x.fill(7);
    replay.run();
    assertEquals(7, replay.outputs().getFirst().toFloatArray()[5]);
  }

  @Test
  void compiledFunctionsTraceOncePerShape() {
    int[] called = new int[1];
    CompiledFunction f =
        Graph.compile(
            x -> {
              called[0]++;
              return x.mul(3).sum();
            });
    assertEquals(63, f.apply(X).item());
    assertEquals(63, f.apply(X).item());
    assertEquals(9, f.apply(Tensor.ones(3)).item());
    assertEquals(2, f.traces());
    assertEquals(3, f.calls());
    assertEquals(2, called[0]);
    for (int n = 1; n <= 2 * CompiledFunction.MOST_GRAPHS; n++) {
      f.apply(Tensor.ones(n));
    }
    f.apply(X);
    assertEquals(2 + 2 * CompiledFunction.MOST_GRAPHS, f.traces(), "old ones were dropped");
    // In a trace it is a part of it.
    assertEquals(64, Graph.trace(x -> f.apply(x).add(1), X).run(X).item());
  }

  @Test
  void compiledFunctionsDoNotLoseGradientsSilently() {
    Tensor w = Tensor.ones(3).requiresGrad(true);
    CompiledFunction f = Graph.compile(x -> x.mul(w).sum());
    String cure = assertThrows(GraphException.class, () -> f.apply(X)).getMessage();
    assertTrue(cure.contains("Grad.off()"), cure);
    try (Grad _ = Grad.off()) {
      assertEquals(21, f.apply(X).item());
    }
  }

  @Test
  void itIsShownAsTextAndAsAPicture() {
    Tensor w = Tensor.ones(3, 2);
    Graph graph = Graph.trace(x -> x.matmul(w).relu(), X);
    assertEquals(
        """
        input  i0:f32[2, 3]
               t3:f32[2, 2] = matmul then relu(x0)(i0:f32[2, 3], w1:f32[3, 2])
        output t3:f32[2, 2]
        """,
        graph.program().toString());
    String dot = graph.toDot();
    assertTrue(dot.startsWith("digraph graph {") && dot.endsWith("}\n"), dot);
    assertTrue(dot.contains("w1 -> k0") && dot.contains("k0 -> out0"), dot);
    String report = graph.report().toString();
    assertTrue(report.contains("fusion                       2 ->     1 calls"), report);
  }

  @Test
  void aPictureShowsAllWhoWriteParts() {
    Graph graph = Graph.trace(x -> Tensor.concat(0, x.softmax(1), x.mul(2)).sum(0), X);
    String dot = graph.toDot();
    assertEquals(2, dot.lines().filter(line -> line.matches(" +k[13] -> k4 .*")).count(), dot);
  }

  /** A gradient that only a step reads is never in memory where a backend can have it so. */
  @Test
  void aProductAndTheStepThatReadsItBecomeOneCall() {
    Tensor weight = Tensor.ones(4, 3);
    Tensor speed = Tensor.zeros(Shape.of(4, 3));
    Expr next = Expr.arg(2).mul(Expr.constant(0.5)).add(Expr.arg(0));
    BinaryOperator<Tensor> step =
        (a, b) -> {
          NdArray gradient = a.transpose().matmul(b).data();
          Backends.of(gradient)
              .elementwise(
                  List.of(Expr.arg(1).sub(next.mul(Expr.param(0))), next),
                  new NdArray[] {weight.data(), speed.data()},
                  new double[] {0.1},
                  gradient,
                  weight.data(),
                  speed.data());
          return a.sum();
        };
    Tensor a = Tensor.of(new float[][] {{1, 2, 3, 4}, {5, 6, 7, 8}});
    Tensor b = Tensor.of(new float[][] {{1, -1, 2}, {3, 1, -2}});
    Graph graph = Graph.trace(step, a, b);
    float sum = (float) graph.run(a, b).item();
    float[] traced = weight.toFloatArray();
    weight.assign(Tensor.ones(4, 3));
    speed.assign(Tensor.zeros(Shape.of(4, 3)));
    Tensor atOnce = step.apply(a, b);
    assertEquals((float) atOnce.item(), sum);
    assertArrayEquals(weight.toFloatArray(), traced);
    boolean mapped =
        graph.program().instructions().stream().anyMatch(c -> c.op() instanceof Op.MappedMatmul);
    assertEquals(weight.backend().mapsProducts(), mapped, graph.program().toString());
  }
}
