package dev.lanewise.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What is computed again, and what is not. */
class RecomputeTest {
  private static final Generator NUMBERS = new Generator(5);
  private static final Tensor X = Tensor.randomNormal(NUMBERS, Shape.of(16, 16));
  private static final Tensor WIDE = Tensor.randomNormal(NUMBERS, Shape.of(16, 64));
  private static final Tensor BACK = Tensor.randomNormal(NUMBERS, Shape.of(64, 16));

  /** A wide product between the first and the last use of {@code s}. */
  private static Tensor around(Tensor s) {
    return s.matmul(WIDE).matmul(BACK).matmul(s);
  }

  private static Program recorded(UnaryOperator<Tensor> function) {
    return traced(function, List.of()).traced();
  }

  private static Graph traced(UnaryOperator<Tensor> function, List<Pass> passes) {
    return Graph.trace(ins -> List.of(function.apply(ins.getFirst())), List.of(X), passes);
  }

  private static void assertLeftAlone(UnaryOperator<Tensor> function) {
    Program program = recorded(function);
    assertEquals(program.toString(), new Recompute().apply(program).toString());
  }

  @Test
  void aResultThatWaitsForALateReaderIsComputedAgain() {
    Program before = recorded(x -> around(x.tanh()));
    Program after = new Recompute().apply(before);
    assertEquals(
        """
        input  i0:f32[16, 16]
               t1:f32[16, 16] = tanh(x0)(i0:f32[16, 16])
               t3:f32[16, 64] = matmul(t1:f32[16, 16], w2:f32[16, 64])
               t5:f32[16, 16] = matmul(t3:f32[16, 64], w4:f32[64, 16])
               t6:f32[16, 16] = matmul(t5:f32[16, 16], t1:f32[16, 16])
        output t6:f32[16, 16]
        """,
        before.toString());
    assertEquals(
        """
        input  i0:f32[16, 16]
               t1:f32[16, 16] = tanh(x0)(i0:f32[16, 16])
               t3:f32[16, 64] = matmul(t1:f32[16, 16], w2:f32[16, 64])
               t5:f32[16, 16] = matmul(t3:f32[16, 64], w4:f32[64, 16])
               t7:f32[16, 16] = tanh(x0)(i0:f32[16, 16])
               t6:f32[16, 16] = matmul(t5:f32[16, 16], t7:f32[16, 16])
        output t6:f32[16, 16]
        """,
        after.toString());
    assertEquals(4 * (256 + 1024 + 256), MemoryPlan.of(before).byteSize());
    assertEquals(4 * (256 + 1024), MemoryPlan.of(after).byteSize());
  }

  @Test
  void soAreChainsAndCopiesAndOneOfSeveralResults() {
    for (UnaryOperator<Tensor> function :
        List.<UnaryOperator<Tensor>>of(
            x -> around(x.tanh().exp()),
            x -> around(x.transpose().copy()),
            x -> {
              Tensor e = x.exp();
              return around(e.square()).mul(e.sum());
            })) {
      Graph plain = Graph.trace(function, X);
      Graph small = traced(function, Pass.LOW_MEMORY);
      assertEquals(plain.report().calls() + 1, small.report().calls(), plain.program().toString());
      assertTrue(small.report().bytes() < plain.report().bytes());
      assertArrayEquals(plain.run(X).toFloatArray(), small.run(X).toFloatArray());
    }
  }

  @Test
  void whatWasNotReadYetIsComputedLater() {
    Program after =
        new Recompute().apply(recorded(x -> lastly(x.tanh(), x.matmul(WIDE).matmul(BACK))));
    assertEquals(4, after.instructions().size());
    assertTrue(after.instructions().get(2).toString().contains("tanh"), after.toString());
  }

  private static Tensor lastly(Tensor s, Tensor y) {
    return y.matmul(s);
  }

  @Test
  void productsAndRandomNumbersAreLeftAlone() {
    Generator noise = new Generator(1);
    assertLeftAlone(x -> around(x.matmul(x)));
    assertLeftAlone(x -> around(Tensor.randomNormal(noise, X.shape())));
  }

  @Test
  void whatIsOverwrittenIsNotReadAgain() {
    Tensor state = X.copy();
    UnaryOperator<Tensor> function =
        x -> {
          Tensor s = state.tanh();
          state.mulInPlace(0.5);
          return around(s);
        };
    assertLeftAlone(function);
  }

  @Test
  void whatIsWrittenLastIsLeftAlone() {
    assertLeftAlone(
        x -> {
          Tensor s = x.tanh();
          Tensor y = s.matmul(WIDE).matmul(BACK);
          s.slice(0, 0, 1).fill(0);
          return y;
        });
  }

  @Test
  void whatARunReturnsIsKept() {
    Graph graph =
        Graph.trace(
            ins -> {
              Tensor s = ins.getFirst().tanh();
              return List.of(around(s), s);
            },
            List.of(X),
            List.of(new Recompute()));
    assertEquals(graph.traced().toString(), graph.program().toString());
  }

  @Test
  void aProgramThatWouldNeedAsMuchIsLeftAlone() {
    assertLeftAlone(x -> x.tanh().matmul(x).matmul(x));
  }
}
