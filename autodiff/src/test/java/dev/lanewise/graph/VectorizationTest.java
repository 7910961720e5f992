package dev.lanewise.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A graph over a leading axis gives what the graph gives for each element. */
class VectorizationTest {
  private static final int COUNT = 3;
  private static final Generator GENERATOR = new Generator(21);
  private static final Tensor WEIGHT = Tensor.randomNormal(GENERATOR, Shape.of(6, 6));
  private static final Tensor INDICES = Tensor.of(new int[] {2, 0, 2});

  private static Named<UnaryOperator<Tensor>> of(String name, UnaryOperator<Tensor> function) {
    return Named.of(name, function);
  }

  /** Functions of a matrix of 4 rows of 6. */
  static Stream<Named<UnaryOperator<Tensor>>> functions() {
    return Stream.of(
        of("elementwise", x -> x.mul(2).add(WEIGHT.slice(0, 0, 4)).tanh()),
        of("views", x -> x.transpose().slice(0, 1, 5, 2).mul(x.slice(1, 0, 1).reshape(4))),
        of("sum of all", Tensor::sum),
        of("sum of rows", x -> x.sum(false, 1)),
        of("largest of columns", x -> x.max(true, 0)),
        of("product with a weight", x -> x.matmul(WEIGHT)),
        of("product of two", x -> x.matmul(x.transpose())),
        of("product of three", x -> x.reshape(2, 2, 6).matmul(WEIGHT).matmul(WEIGHT)),
        of("weight first", x -> WEIGHT.matmul(x.transpose())),
        of("concat", x -> Tensor.concat(0, x, WEIGHT, x.neg())),
        of("softmax", x -> x.softmax(1).add(x.logSoftmax(0))),
        of("scan", x -> x.cumSum(1)),
        of("sort", x -> x.sort(0, true).values()),
        of("rows by index", x -> x.indexSelect(0, INDICES)),
        of("rows added", x -> Tensor.zeros(4, 6).indexAdd(0, INDICES, x.slice(0, 0, 3))),
        of("layer norm", x -> x.layerNorm(1, null, null, 1e-3)),
        of("cross-entropy", x -> x.crossEntropy(Tensor.of(new int[] {1, 5, 0, 2})).mean()),
        of(
            "convolution",
            x -> x.reshape(1, 2, 2, 6).conv(WEIGHT.reshape(9, 2, 1, 2), Window.of(1, 2), 1)),
        of("pool", x -> x.reshape(1, 1, 4, 6).maxPool(Window.of(2, 2))),
        of("the same for all", x -> WEIGHT.exp()),
        of("a mask", x -> x.maskedFill(x.gt(0), 0.5)));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void givesWhatEachElementGives(UnaryOperator<Tensor> function) {
    Tensor all = Tensor.randomNormal(GENERATOR, Shape.of(COUNT, 4, 6));
    Graph one = Graph.trace(function, element(all, 0));
    Tensor found = one.vmap(COUNT).run(all);
    Tensor expected =
        Tensor.stack(
            0, Stream.of(0, 1, 2).map(i -> one.run(element(all, i))).toArray(Tensor[]::new));
    assertEquals(expected.shape(), found.shape());
    assertArrayEquals(expected.toFloatArray(), found.toFloatArray(), 1e-5f);
  }

  private static Tensor element(Tensor all, int index) {
    return all.at(index).copy();
  }

  /** What depends on nothing mapped is not computed for each, and most calls stay one. */
  @Test
  void mostCallsStayOne() {
    Tensor x = Tensor.ones(4, 6);
    UnaryOperator<Tensor> layers = v -> v.matmul(WEIGHT.tanh()).relu().softmax(1).sum(false, 0);
    Graph one = Graph.trace(layers, x);
    Graph all = one.vmap(100);
    assertEquals(one.traced().instructions().size(), all.traced().instructions().size());
    assertTrue(all.traced().toString().contains("tanh(x0)(w"), all.traced().toString());
    Graph convolution =
        Graph.trace(
            v -> v.reshape(1, 1, 4, 6).conv(Tensor.ones(1, 1, 2, 2), Window.of(2, 2), 1), x);
    long calls =
        convolution.vmap(5).traced().instructions().stream()
            .filter(call -> call.op() instanceof Op.Conv)
            .count();
    assertEquals(5, calls);
  }

  @Test
  void inputsMayBeShared() {
    Graph product = Graph.trace((a, b) -> a.mul(b).sum(), Tensor.ones(4), Tensor.ones(4));
    Tensor rows = Tensor.of(new float[][] {{1, 2, 3, 4}, {5, 6, 7, 8}});
    Tensor factors = Tensor.of(new float[] {1, 0, 1, 0});
    Tensor found = product.vmap(2, true, false).run(rows, factors);
    assertArrayEquals(new float[] {4, 12}, found.toFloatArray());
    // Twice: each row of one with each row of the other.
    Graph pairs = product.vmap(2, true, false).vmap(3, false, true);
    Tensor three = Tensor.of(new float[][] {{1, 0, 0, 0}, {0, 1, 0, 0}, {1, 1, 1, 1}});
    assertArrayEquals(new float[] {1, 5, 2, 6, 10, 26}, pairs.run(rows, three).toFloatArray());
  }

  @Test
  void gradientsOfEachSample() {
    Tensor w = WEIGHT.detach().copy().requiresGrad(true);
    Function<List<Tensor>, List<Tensor>> loss =
        ins -> List.of(ins.get(0).matmul(w).tanh().sub(ins.get(1)).square().mean());
    Tensor xs = Tensor.randomNormal(GENERATOR, Shape.of(COUNT, 2, 6));
    Tensor ys = Tensor.randomNormal(GENERATOR, Shape.of(COUNT, 2, 6));
    Graph one = Graph.trace(loss, List.of(element(xs, 0), element(ys, 0)));
    Tensor found = one.gradient(w).vmap(COUNT).run(xs, ys);
    List<Tensor> expected = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      Tensor of = loss.apply(List.of(element(xs, i), element(ys, i))).getFirst();
      expected.add(Gradients.of(of, w)[0]);
    }
    assertArrayEquals(
        Tensor.stack(0, expected.toArray(Tensor[]::new)).toFloatArray(),
        found.toFloatArray(),
        1e-6f);
    // The other way around: the gradient of what all samples give.
    Graph sum =
        Graph.trace(
            ins -> List.of(loss.apply(ins).getFirst()), List.of(element(xs, 0), element(ys, 0)));
    Tensor ones = Tensor.ones(COUNT);
    Tensor byXs = sum.vmap(COUNT).vjp().runAll(List.of(xs, ys, ones)).getFirst();
    Tensor each = one.gradient().vmap(COUNT).runAll(List.of(xs, ys)).getFirst();
    assertArrayEquals(each.toFloatArray(), byXs.toFloatArray(), 1e-6f);
  }

  /** Rows of the Jacobian are products with the vectors of the basis. */
  @Test
  void jacobians() {
    Tensor x = Tensor.of(new float[] {1, 2, 3});
    Graph f = Graph.trace(v -> v.square().slice(0, 0, 2).mul(v.slice(0, 1, 3)), x);
    Tensor basis = Tensor.of(new float[][] {{1, 0}, {0, 1}});
    Tensor jacobian = f.vjp().vmap(2, false, true).run(x, basis);
    // Of (x₀² x₁, x₁² x₂) at (1, 2, 3).
    assertArrayEquals(new float[] {4, 1, 0, 0, 12, 4}, jacobian.toFloatArray());
  }

  @Test
  void whatHasRoomForOneElementOnlyIsRefused() {
    Tensor x = Tensor.ones(4);
    Tensor state = Tensor.zeros(4);
    Graph writes =
        Graph.trace(
            v -> {
              state.assign(v);
              return v.mul(2);
            },
            x);
    refused("writes into a captured tensor of shape", () -> writes.vmap(2));
    Generator generator = new Generator(1);
    Graph draws = Graph.trace(v -> v.add(Tensor.randomNormal(generator, Shape.of(4))), x);
    refused("give random numbers and scalars as inputs", () -> draws.vmap(2));
    Graph plain = Graph.trace(v -> v.mul(2), x);
    var flags = assertThrows(IllegalArgumentException.class, () -> plain.vmap(2, true, false));
    assertTrue(flags.getMessage().contains("1 inputs, but 2 flags"), flags.getMessage());
    var none = assertThrows(IllegalArgumentException.class, () -> plain.vmap(0));
    assertTrue(none.getMessage().contains("at least 1 element, not 0"), none.getMessage());
  }

  private static void refused(String what, Runnable call) {
    GraphException e = assertThrows(GraphException.class, call::run);
    assertTrue(e.getMessage().contains(what), e.getMessage());
  }
}
