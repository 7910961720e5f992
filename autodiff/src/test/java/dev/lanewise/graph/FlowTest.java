package dev.lanewise.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.GradientCheck;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backends;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Choices and loops that depend on numbers: computed at once and in a graph, to the same bits. */
class FlowTest {
  private static final Tensor X = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}).reshape(2, 3);

  /** Compares a function's results with those of its graph, twice each, on some inputs. */
  private static void assertSame(
      Function<List<Tensor>, List<Tensor>> function, List<List<Tensor>> inputs) {
    Graph graph = Graph.trace(function, inputs.getFirst());
    for (int turn = 0; turn < 2; turn++) {
      for (List<Tensor> given : inputs) {
        List<Tensor> expected = function.apply(given);
        List<Tensor> actual = graph.runAll(given);
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
          assertEquals(expected.get(i).shape(), actual.get(i).shape(), "result " + i);
          assertEquals(expected.get(i).dtype(), actual.get(i).dtype(), "result " + i);
          assertArrayEquals(
              expected.get(i).toDoubleArray(), actual.get(i).toDoubleArray(), "result " + i);
        }
      }
    }
  }

  private static Tensor numbers(int salt, int... dims) {
    return Tensor.randomNormal(new Generator(salt), Shape.of(dims));
  }

  @Test
  void oneGraphTakesBothBranches() {
    Tensor w = numbers(1, 3);
    UnaryOperator<Tensor> f =
        x -> Flow.cond(x.sum().gt(0), v -> v.mul(w).exp(), v -> v.neg().sqrt(), x).add(1);
    assertSame(ins -> List.of(f.apply(ins.getFirst())), List.of(List.of(X), List.of(X.neg())));
    // Only one is computed: the other would give NaN.
    assertEquals(1 + 2, f.apply(X.neg()).toFloatArray()[3]);
  }

  @Test
  void aPredicateIsOneNumberOfAnyType() {
    for (DType dtype : List.of(DType.BOOL, DType.I32, DType.I64, DType.F32, DType.F64)) {
      Graph graph =
          Graph.trace(
              ins -> List.of(Flow.cond(ins.getFirst(), () -> X.mul(2), () -> X)),
              List.of(Tensor.zeros(1, 1).cast(dtype)));
      assertEquals(2, graph.run(Tensor.ones(1, 1).cast(dtype)).toFloatArray()[0], dtype.toString());
      assertEquals(
          1, graph.run(Tensor.zeros(1, 1).cast(dtype)).toFloatArray()[0], dtype.toString());
    }
  }

  @Test
  void gradientsOfAChoiceFlowToOperandsAndToWhatItCaptured() {
    Tensor w = numbers(2, 3);
    Tensor other = numbers(3, 3);
    assertSame(
        ins -> {
          Tensor x = ins.getFirst().detach().requiresGrad(true);
          Tensor a = w.detach().requiresGrad(true);
          Tensor b = other.detach().requiresGrad(true);
          Tensor y =
              Flow.cond(x.sum().gt(0), v -> v.mul(a).add(b).tanh(), v -> v.mul(b).exp().mul(a), x);
          Tensor loss = y.mul(a).sum();
          List<Tensor> all = new ArrayList<>(List.of(Gradients.of(loss, x, a, b)));
          all.add(y);
          return all;
        },
        List.of(List.of(X), List.of(X.neg())));
  }

  @Test
  void whatOneBranchDoesNotReadGetsZeros() {
    Tensor w = Tensor.ones(3);
    Graph graph =
        Graph.trace(
            x -> {
              Tensor a = w.detach().requiresGrad(true);
              Tensor y = Flow.cond(x.sum().gt(0), () -> a.mul(x).sum(), () -> x.sum());
              return Gradients.of(y, a)[0];
            },
            X);
    assertArrayEquals(new float[] {5, 7, 9}, graph.run(X).toFloatArray());
    assertArrayEquals(new float[] {0, 0, 0}, graph.run(X.neg()).toFloatArray());
  }

  @Test
  void gradientsAreRightAndCanBeDifferentiatedAgain() {
    Tensor x = Tensor.of(Backends.best(), new double[] {0.5, -0.2, 0.9}, 3);
    Tensor w = Tensor.of(Backends.best(), new double[] {1.5, 0.4, -0.7}, 3);
    for (double sign : new double[] {1, -1}) {
      GradientCheck.of(
              in ->
                  Flow.cond(
                      Tensor.scalar(sign).gt(0),
                      () -> in[0].mul(in[1]).tanh(),
                      () -> in[0].sin().mul(in[1].square())))
          .require(x, w);
    }
    Graph second =
        Graph.trace(
            ins -> {
              Tensor leaf = ins.getFirst().detach().requiresGrad(true);
              Tensor y = Flow.cond(leaf.sum().gt(0), v -> v.pow(3), v -> v.pow(4), leaf);
              Tensor slope = Gradients.of(y.sum(), new Tensor[] {leaf}, true)[0];
              return List.of(Gradients.of(slope.sum(), leaf)[0]);
            },
            List.of(x));
    Tensor up = second.run(Tensor.full(Backends.best(), DType.F64, Shape.of(3), 2));
    assertEquals(12, up.toDoubleArray()[0], 1e-12);
    Tensor down = second.run(Tensor.full(Backends.best(), DType.F64, Shape.of(3), -2));
    assertEquals(48, down.toDoubleArray()[0], 1e-12);
  }

  @Test
  void loopsRunAsLongAsTheirNumbersSay() {
    Tensor factor = Tensor.full(Shape.of(3), 1.5);
    assertSame(
        ins ->
            Flow.loopAll(
                s -> s.getFirst().sum().lt(1000),
                s -> List.of(s.get(0).mul(factor), s.get(1).add(1)),
                List.of(ins.getFirst(), Tensor.scalar(0))),
        List.of(List.of(X), List.of(X.mul(0.01)), List.of(X.mul(1000))));
    Tensor steps =
        Flow.loopAll(
                s -> s.getFirst().lt(100),
                s -> List.of(s.get(0).mul(2), s.get(1).add(1)),
                List.of(Tensor.scalar(1), Tensor.scalar(0)))
            .get(1);
    assertEquals(7, steps.item());
  }

  @Test
  void aStateMayChangePlaces() {
    assertSame(
        ins ->
            Flow.loopAll(
                s -> s.get(2).lt(5),
                s -> List.of(s.get(1), s.get(0).add(s.get(1)), s.get(2).add(1)),
                List.of(ins.get(0), ins.get(1), Tensor.scalar(0))),
        List.of(List.of(X, X.mul(2))));
  }

  private static Flow.Step rnn(Tensor w, Tensor u, Tensor h, Tensor xs, boolean reverse) {
    return Flow.scan(
        (carry, x) -> {
          Tensor next = x.getFirst().matmul(w).add(carry.getFirst().matmul(u)).tanh();
          return new Flow.Step(List.of(next), List.of(next.mul(2), carry.getFirst()));
        },
        List.of(h),
        List.of(xs),
        reverse);
  }

  @Test
  void aScanIsALoopOverTheFirstAxis() {
    Tensor w = numbers(4, 3, 5);
    Tensor u = numbers(5, 5, 5);
    Tensor xs = numbers(6, 4, 2, 3);
    for (boolean reverse : new boolean[] {false, true}) {
      assertSame(
          ins -> {
            Flow.Step all = rnn(w, u, ins.get(0), ins.get(1), reverse);
            return List.of(all.carry().getFirst(), all.ys().get(0), all.ys().get(1));
          },
          List.of(List.of(numbers(7, 2, 5), xs), List.of(numbers(8, 2, 5), xs.mul(0.1))));
      Tensor h = Tensor.zeros(2, 5);
      Flow.Step all = rnn(w, u, h, xs, reverse);
      for (int k = 0; k < 4; k++) {
        int at = reverse ? 3 - k : k;
        assertArrayEquals(
            h.toFloatArray(), all.ys().get(1).slice(0, at, at + 1).copy().toFloatArray());
        h = xs.slice(0, at, at + 1).squeeze(0).matmul(w).add(h.matmul(u)).tanh();
        assertArrayEquals(
            h.mul(2).toFloatArray(), all.ys().get(0).slice(0, at, at + 1).copy().toFloatArray());
      }
      assertArrayEquals(h.toFloatArray(), all.carry().getFirst().toFloatArray());
    }
  }

  @Test
  void gradientsOfAScanAreThoseOfTheLoop() {
    Tensor xs = numbers(6, 4, 2, 3);
    Tensor h0 = numbers(7, 2, 5);
    for (boolean reverse : new boolean[] {false, true}) {
      Function<List<Tensor>, List<Tensor>> f =
          ins -> {
            Tensor w = ins.get(0).detach().requiresGrad(true);
            Tensor u = ins.get(1).detach().requiresGrad(true);
            Tensor h = h0.detach().requiresGrad(true);
            Tensor x = xs.detach().requiresGrad(true);
            Flow.Step all = rnn(w, u, h, x, reverse);
            Tensor loss = all.carry().getFirst().square().sum().add(all.ys().getFirst().sum());
            loss = loss.add(w.square().sum());
            return List.of(Gradients.of(loss, w, u, h, x));
          };
      List<Tensor> in = List.of(numbers(4, 3, 5), numbers(5, 5, 5));
      assertSame(f, List.of(in, List.of(in.get(0).mul(0.3), in.get(1).mul(0.2))));

      Tensor w = in.get(0).detach().requiresGrad(true);
      Tensor u = in.get(1).detach().requiresGrad(true);
      Tensor h = h0.detach().requiresGrad(true);
      Tensor x = xs.detach().requiresGrad(true);
      Tensor now = h;
      Tensor sum = w.square().sum();
      for (int k = 0; k < 4; k++) {
        int at = reverse ? 3 - k : k;
        now = x.slice(0, at, at + 1).squeeze(0).matmul(w).add(now.matmul(u)).tanh();
        sum = sum.add(now.mul(2).sum());
      }
      Tensor[] expected = Gradients.of(sum.add(now.square().sum()), w, u, h, x);
      List<Tensor> actual = f.apply(in);
      for (int i = 0; i < expected.length; i++) {
        assertArrayEquals(
            expected[i].toDoubleArray(), actual.get(i).toDoubleArray(), 1e-4, "gradient " + i);
      }
    }
  }

  @Test
  void gradientsOfAScanAreRight() {
    Tensor xs = Tensor.of(Backends.best(), new double[] {0.3, -0.2, 0.5, 0.7, -0.1, 0.4}, 3, 2);
    Tensor w = Tensor.of(Backends.best(), new double[] {1.1, -0.6}, 2);
    Tensor h = Tensor.of(Backends.best(), new double[] {0.2, 0.1}, 2);
    GradientCheck.of(
            in -> {
              Flow.Step all =
                  Flow.scan(
                      (carry, x) -> {
                        Tensor next = carry.getFirst().mul(in[1]).add(x.getFirst()).sin();
                        return new Flow.Step(List.of(next), List.of(next.square()));
                      },
                      List.of(in[2]),
                      List.of(in[0]));
              return all.ys().getFirst().sum(0).add(all.carry().getFirst());
            })
        .require(xs, w, h);
  }

  @Test
  void aScanMayHaveCountersAndNoCarry() {
    assertSame(
        ins -> {
          Tensor x = ins.getFirst().detach().requiresGrad(true);
          Flow.Step all =
              Flow.scan(
                  (carry, in) ->
                      new Flow.Step(
                          List.of(carry.getFirst().add(1)),
                          List.of(in.get(0).mul(in.get(1).cast(DType.F32)), carry.getFirst())),
                  List.of(Tensor.arange(1)),
                  List.of(x, Tensor.arange(2)));
          Flow.Step none =
              Flow.scan(
                  (_, in) -> new Flow.Step(List.of(), List.of(in.getFirst().exp())),
                  List.of(),
                  List.of(x));
          Tensor y = all.ys().getFirst().add(none.ys().getFirst());
          return List.of(all.carry().getFirst(), all.ys().get(1), y, Gradients.of(y.sum(), x)[0]);
        },
        List.of(List.of(X)));
  }

  @Test
  void oneInAnother() {
    Tensor w = numbers(9, 3);
    assertSame(
        ins -> {
          Tensor x = ins.getFirst().detach().requiresGrad(true);
          Tensor a = w.detach().requiresGrad(true);
          Flow.Step all =
              Flow.scan(
                  (carry, in) -> {
                    Tensor turned =
                        Flow.cond(
                            in.getFirst().sum().gt(5),
                            () -> carry.getFirst().mul(a),
                            () -> carry.getFirst().add(in.getFirst()));
                    Tensor inner =
                        Flow.scan(
                                (sum, part) ->
                                    new Flow.Step(
                                        List.of(sum.getFirst().add(part.getFirst().mul(a.sum()))),
                                        List.of()),
                                List.of(Tensor.scalar(0)),
                                List.of(in.getFirst().mul(a)))
                            .carry()
                            .getFirst();
                    Tensor doubled =
                        Flow.loop(
                            v -> v.square().sum().lt(300), v -> v.mul(2), in.getFirst().detach());
                    return new Flow.Step(List.of(turned.mul(inner)), List.of(doubled));
                  },
                  List.of(x.slice(0, 0, 1).squeeze(0)),
                  List.of(x.copy()));
          Tensor loss = all.carry().getFirst().sum();
          return List.of(
              loss,
              all.ys().getFirst(),
              Gradients.of(loss, x, a)[0],
              Gradients.of(Flow.cond(x.sum().gt(0), () -> x.mul(a), () -> x.sub(a)).sum(), a)[0]);
        },
        List.of(List.of(X), List.of(X.mul(-0.3)), List.of(X.mul(0.2))));
  }
}
