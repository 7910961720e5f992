package dev.lanewise.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.array.DTypeException;
import dev.lanewise.array.Shape;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.GradientException;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What functions of a choice or loop do beside computing, and what they are refused. */
class FlowStateTest {
  private static final Tensor X = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}).reshape(2, 3);
  private static final Expr SCALED = Expr.arg(0).mul(Expr.param(0));

  @Test
  void memoryIsWrittenInTheCallsThatAreMade() {
    Tensor seen = Tensor.zeros(3);
    Graph graph =
        Graph.trace(
            x ->
                Flow.scan(
                        (carry, in) -> {
                          Flow.condAll(
                              in.getFirst().sum().gt(0),
                              () -> {
                                seen.addInPlace(in.getFirst());
                                return List.of(seen.sum());
                              },
                              () -> List.of(seen.sum()));
                          return new Flow.Step(
                              List.of(carry.getFirst().add(seen.sum())), List.of());
                        },
                        List.of(Tensor.scalar(0)),
                        List.of(x))
                    .carry()
                    .getFirst(),
            X);
    assertArrayEquals(new float[3], seen.toFloatArray(), "tracing changes nothing");
    assertEquals(6 + 21, graph.run(X).item());
    assertArrayEquals(new float[] {5, 7, 9}, seen.toFloatArray());
    assertEquals(21 + 21, graph.run(X.neg()).item());
    assertArrayEquals(new float[] {5, 7, 9}, seen.toFloatArray());
  }

  @Test
  void memoryOfTheFunctionAroundIsWritten() {
    Graph graph =
        Graph.trace(
            x -> {
              Tensor sum = Tensor.zeros(3);
              Tensor copy = x.copy();
              Flow.cond(
                  x.sum().gt(0), () -> copy.mulInPlace(Tensor.scalar(2)).sum(), () -> x.sum());
              Flow.loop(
                  n -> n.lt(4),
                  n -> {
                    sum.addInPlace(copy.sum(0));
                    return n.add(1);
                  },
                  Tensor.scalar(0));
              return sum;
            },
            X);
    assertArrayEquals(new float[] {40, 56, 72}, graph.run(X).toFloatArray());
    assertArrayEquals(new float[] {-20, -28, -36}, graph.run(X.neg()).toFloatArray());
  }

  @Test
  void gradientsWriteNothingAgain() {
    Tensor eagerSeen = Tensor.zeros(3);
    Tensor tracedSeen = Tensor.zeros(3);
    BiFunction<Tensor, Tensor, Tensor> f =
        (x, seen) -> {
          Tensor leaf = x.detach().requiresGrad(true);
          Tensor y =
              Flow.cond(
                  leaf.sum().gt(0),
                  v -> {
                    seen.addInPlace(v.detach().sum(0));
                    return v.square();
                  },
                  v -> v.exp(),
                  leaf);
          Flow.Step all =
              Flow.scan(
                  (_, in) -> {
                    seen.addInPlace(in.getFirst().detach());
                    return new Flow.Step(List.of(), List.of(in.getFirst().sin()));
                  },
                  List.of(),
                  List.of(y));
          return Gradients.of(all.ys().getFirst().sum(), leaf)[0];
        };
    Graph graph = Graph.trace(x -> f.apply(x, tracedSeen), X);
    for (Tensor x : List.of(X, X.neg(), X.mul(0.5))) {
      assertArrayEquals(f.apply(x, eagerSeen).toFloatArray(), graph.run(x).toFloatArray());
      assertArrayEquals(eagerSeen.toFloatArray(), tracedSeen.toFloatArray());
    }
  }

  @Test
  void aGradientThatNeedsWhatItsFunctionWritesIsRefused() {
    Tensor scale = Tensor.ones(3);
    GraphException refused =
        assertThrows(
            GraphException.class,
            () ->
                Graph.trace(
                    x -> {
                      Tensor leaf = x.detach().requiresGrad(true);
                      Tensor y =
                          Flow.cond(
                              leaf.sum().gt(0),
                              () -> leaf.mul(scale.addInPlace(Tensor.scalar(1))).square(),
                              () -> leaf.exp());
                      return Gradients.of(y.sum(), leaf)[0];
                    },
                    X));
    assertTrue(refused.getMessage().contains("as it was before"), refused.getMessage());
  }

  @Test
  void randomNumbersAreDrawnInTheOrderOfTheCalls() {
    BiFunction<Generator, Tensor, Tensor> f =
        (g, x) -> {
          Shape row = Shape.of(3);
          Tensor before = Tensor.randomNormal(g, row);
          Tensor some =
              Flow.cond(
                  x.sum().gt(0),
                  () -> Tensor.randomNormal(g, row).add(Tensor.randomNormal(g, row)),
                  () -> Tensor.randomNormal(g, row));
          Flow.Step all =
              Flow.scan(
                  (carry, in) ->
                      new Flow.Step(
                          List.of(carry.getFirst().add(Tensor.randomUniform(g, row))),
                          List.of(in.getFirst())),
                  List.of(some),
                  List.of(x));
          Tensor last =
              Flow.loop(
                  v -> v.max().lt(3), v -> v.add(Tensor.randomUniform(g, row)), Tensor.zeros(3));
          return Tensor.concat(
              0, before, some, all.carry().getFirst(), last, Tensor.randomNormal(g, row));
        };
    requireSameDraws(f);
  }

  /** Requires the same results of runs at once and of a graph, and as many random numbers. */
  private static void requireSameDraws(BiFunction<Generator, Tensor, Tensor> f) {
    Generator eager = new Generator(3);
    Generator traced = new Generator(3);
    Graph graph = Graph.trace(x -> f.apply(traced, x), X);
    assertEquals(0, traced.position(), "tracing draws nothing");
    for (Tensor x : List.of(X, X.neg(), X)) {
      assertArrayEquals(f.apply(eager, x).toFloatArray(), graph.run(x).toFloatArray());
      assertEquals(eager.position(), traced.position());
    }
  }

  @Test
  void gradientsTakeTheRandomNumbersOfEachStepAgain() {
    BiFunction<Generator, Tensor, Tensor> f =
        (g, x) -> {
          Tensor leaf = x.detach().requiresGrad(true);
          Flow.Step all =
              Flow.scan(
                  (carry, in) -> {
                    Tensor noise = Tensor.randomNormal(g, Shape.of(3));
                    Tensor next =
                        Flow.cond(
                            in.getFirst().sum().gt(7),
                            () -> carry.getFirst().mul(Tensor.randomNormal(g, Shape.of(3))),
                            () -> carry.getFirst().tanh());
                    return new Flow.Step(List.of(next.add(in.getFirst().mul(noise))), List.of());
                  },
                  List.of(Tensor.ones(3)),
                  List.of(leaf));
          return Gradients.of(all.carry().getFirst().square().sum(), leaf)[0];
        };
    requireSameDraws(f);
    Generator inner = new Generator(4);
    GraphException refused =
        assertThrows(
            GraphException.class,
            () ->
                Graph.trace(
                    x -> {
                      Tensor leaf = x.detach().requiresGrad(true);
                      return Gradients.of(
                          Flow.cond(x.sum().gt(0), () -> f.apply(inner, leaf), () -> leaf).sum(),
                          leaf)[0];
                    },
                    X));
    assertTrue(refused.getMessage().contains("Draw them before"), refused.getMessage());
  }

  @Test
  void hostStepsHappenInTheCallsThatAreMade() {
    List<String> told = new ArrayList<>();
    double[] factor = {1};
    UnaryOperator<Tensor> f =
        x -> {
          HostStep.run("before", () -> told.add("before"));
          Tensor y =
              Flow.cond(
                  x.sum().gt(0),
                  () -> {
                    HostStep.run(
                        "in",
                        () -> {
                          told.add("in");
                          factor[0] += 1;
                        },
                        factor);
                    return Tensor.map(SCALED, factor, x);
                  },
                  () -> x);
          HostStep.run("behind", () -> told.add("behind"));
          return y.add(Tensor.map(SCALED, factor, x));
        };
    Graph graph = Graph.trace(f, X);
    assertEquals(List.of(), told);
    assertEquals(2 + 2, graph.run(X).toFloatArray()[0]);
    assertEquals(List.of("before", "in", "behind"), told);
    told.clear();
    assertEquals(-1 - 2, graph.run(X.neg()).toFloatArray()[0]);
    assertEquals(List.of("before", "behind"), told);
  }

  @Test
  void aLoopInAGraphHasNoGradient() {
    GraphException refused =
        assertThrows(
            GraphException.class,
            () ->
                Graph.trace(
                    x -> {
                      Tensor leaf = x.detach().requiresGrad(true);
                      Tensor y = Flow.loop(v -> v.sum().lt(90), v -> v.mul(2), leaf);
                      return Gradients.of(y.sum(), leaf)[0];
                    },
                    X));
    assertTrue(refused.getMessage().contains("Flow.scan"), refused.getMessage());
    Tensor leaf = X.detach().requiresGrad(true);
    Tensor y = Flow.loop(v -> v.sum().lt(90), v -> v.mul(2), leaf);
    assertEquals(8, Gradients.of(y.sum(), leaf)[0].toFloatArray()[0], "outside it has");
    Tensor all =
        Flow.scan((_, in) -> new Flow.Step(List.of(), in), List.of(), List.of(leaf))
            .ys()
            .getFirst();
    assertThrows(
        GradientException.class, () -> Gradients.of(all.square().sum(), new Tensor[] {leaf}, true));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Tensor yes = Tensor.scalar(1);
    for (boolean traced : new boolean[] {true, false}) {
      refused(traced, ShapeException.class, x -> Flow.cond(x, () -> x, () -> x), "one number");
      refused(
          traced,
          ShapeException.class,
          x -> Flow.loop(v -> v.gt(9), v -> v.add(1), x),
          "one number");
      refused(
          traced,
          ShapeException.class,
          x -> Flow.loop(v -> v.sum().lt(90), v -> v.sum(0), x),
          "loop: the state before a step and after it are f32 [2, 3] and f32 [3] as tensor 0");
      refused(
          traced,
          DTypeException.class,
          x -> Flow.loop(v -> v.sum().lt(90), v -> v.cast(DType.I32), x),
          "f32 [2, 3] and i32 [2, 3]");
      refused(
          traced,
          ShapeException.class,
          x -> scan(new Flow.Step(List.of(x), List.of()), yes, x),
          "scan: the carry before a step and after it");
      refused(
          traced,
          ShapeException.class,
          x -> scan(new Flow.Step(List.of(), List.of()), yes, x),
          "1 and 0 tensors");
      refused(traced, ShapeException.class, x -> scan(null, x), "at least one tensor");
      refused(traced, ShapeException.class, x -> scan(null, x, yes), "first axis");
      refused(traced, ShapeException.class, x -> scan(null, x, x, X.slice(0, 0, 1)), "first axis");
      refused(traced, ShapeException.class, x -> scan(null, x, x.slice(0, 0, 0)), "at least 1");
    }
    refused(
        true,
        ShapeException.class,
        x -> Flow.cond(yes, () -> x, () -> x.sum()),
        "cond: the two branches give f32 [2, 3] and f32 [] as tensor 0");
    refused(
        true,
        DTypeException.class,
        x -> Flow.cond(yes, () -> x, () -> x.cast(DType.F64)),
        "both must be alike");
    refused(
        true,
        GraphException.class,
        x -> Flow.loop(v -> v.sum().lt(90), v -> v.mulInPlace(Tensor.scalar(2)), x),
        "writes into what it is given");
    refused(
        true,
        GraphException.class,
        x -> Flow.cond(yes, () -> x.mul(x.sum().item()), () -> x),
        "not known while");
    Tensor[] out = new Tensor[1];
    refused(
        true,
        GraphException.class,
        x -> Flow.cond(yes, () -> out[0] = x.neg(), () -> x).add(out[0]),
        "return it");
  }

  @Test
  void graphsWithChoicesAreDifferentiatedButNotMapped() {
    Graph graph =
        Graph.trace(x -> Flow.cond(x.sum().gt(0), v -> v.square().sum(), v -> v.exp().sum(), x), X);
    Graph gradient = graph.gradient();
    assertArrayEquals(X.mul(2).toFloatArray(), gradient.run(X).toFloatArray());
    assertArrayEquals(X.neg().exp().toFloatArray(), gradient.run(X.neg()).toFloatArray());
    String cure = assertThrows(GraphException.class, () -> graph.vmap(4)).getMessage();
    assertTrue(cure.contains("Tensor.where"), cure);
  }

  private static Tensor scan(Flow.Step step, Tensor carry, Tensor... xs) {
    return Flow.scan((_, _) -> step, List.of(carry), List.of(xs)).carry().getFirst();
  }

  private static void refused(
      boolean traced, Class<? extends Exception> type, UnaryOperator<Tensor> f, String text) {
    String message =
        assertThrows(type, () -> (traced ? Graph.trace(f, X).run(X) : f.apply(X)).item())
            .getMessage();
    assertTrue(message.contains(text), message);
  }

  @Test
  void functionsAreShownInsideOfTheCall() {
    Tensor w = Tensor.ones(3);
    Graph graph =
        Graph.trace(x -> Flow.cond(x.sum().gt(0), v -> v.mul(w).add(1), v -> v.neg(), x), X);
    assertEquals(
        """
        input  i0:f32[2, 3]
               t1:f32[] = SUM[0, 1] x0(i0:f32[2, 3])
               t2:bool[] = gt(x0, p0)(t1:f32[])
               t4:f32[2, 3] = cond(t2:bool[], i0:f32[6], w3:f32[3])
                 if true:
                   input  i0:f32[6] is i0
                   input  i1:f32[3] is w3
                          t3:f32[2, 3] = add(mul(x0, x1), p0)(i0:f32[2, 3], i1:f32[2, 3]@0/0,1)
                   output t3:f32[2, 3]
                 if false:
                   input  i0:f32[6] is i0
                          t1:f32[2, 3] = neg(x0)(i0:f32[2, 3])
                   output t1:f32[2, 3]
        output t4:f32[2, 3]
        """,
        graph.program().toString());
    assertEquals(4, graph.report().calls());
    String dot = graph.toDot();
    assertTrue(dot.contains("subgraph cluster_k2_0") && dot.contains("k2_1_k0 -> k2_1_out0"), dot);
  }
}
