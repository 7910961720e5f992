package dev.lanewise.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Generator;
import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Graphs of gradients give what gradients at once give, and can be differentiated again. */
class DifferentiationTest {
  private final Generator generator = new Generator(5);
  private final Tensor x = Tensor.randomNormal(generator, Shape.of(4, 3));
  private final Tensor w = Tensor.randomNormal(generator, Shape.of(3, 2)).requiresGrad(true);
  private final Tensor b = Tensor.zeros(2).requiresGrad(true);

  private Tensor loss(Tensor in) {
    return in.matmul(w).add(b).tanh().square().mean();
  }

  @Test
  void byTheInput() {
    Tensor leaf = x.detach().requiresGrad(true);
    float[] expected = Gradients.of(loss(leaf), leaf)[0].toFloatArray();
    assertArrayEquals(expected, Graph.trace(this::loss, x).gradient().run(x).toFloatArray());
  }

  @Test
  void byWhatWasCapturedWithTheLoss() {
    Tensor loss = loss(x);
    Tensor[] expected = Gradients.of(loss, w, b);
    List<Tensor> found = Graph.trace(this::loss, x).valueAndGradient(w, b).runAll(List.of(x));
    assertEquals(loss.item(), found.get(0).item());
    assertArrayEquals(expected[0].toFloatArray(), found.get(1).toFloatArray());
    assertArrayEquals(expected[1].toFloatArray(), found.get(2).toFloatArray());
    // The weights are read as they are when it is run.
    Graph gradient = Graph.trace(this::loss, x).gradient(b);
    try (Grad _ = Grad.off()) {
      b.assign(Tensor.of(new float[] {1, -1}));
    }
    assertArrayEquals(Gradients.of(loss(x), b)[0].toFloatArray(), gradient.run(x).toFloatArray());
  }

  @Test
  void againAndAgain() {
    UnaryOperator<Tensor> fourth = v -> v.square().square().sum();
    Tensor two = Tensor.of(new float[] {2});
    Graph graph = Graph.trace(fourth, two);
    double[] expected = {32, 48, 48, 24}; // of x⁴ at 2
    for (double derivative : expected) {
      graph = graph.gradient();
      assertEquals(derivative, graph.run(two).item());
    }
  }

  @Test
  void vectorJacobianProducts() {
    Tensor cotangent = Tensor.randomNormal(generator, Shape.of(4, 2));
    Tensor integers = Tensor.of(new int[] {1, 2, 0, 1});
    Graph both =
        Graph.trace(
            ins -> List.of(ins.get(0).matmul(w).sin(), ins.get(0).mul(2)), List.of(x, integers));
    Tensor leaf = x.detach().requiresGrad(true);
    Tensor[] first =
        Gradients.of(leaf.matmul(w).sin(), cotangent, new Tensor[] {leaf}, false, false);
    List<Tensor> found = both.vjp().runAll(List.of(x, integers, cotangent, Tensor.zerosLike(x)));
    assertEquals(1, found.size(), "integers have no gradient");
    assertArrayEquals(first[0].toFloatArray(), found.getFirst().toFloatArray(), 1e-6f);
  }

  @Test
  void whatTheLossDoesNotDependOnHasAGradientOfZeros() {
    Graph first = Graph.trace((p, _) -> p.square().sum(), x, w.detach());
    List<Tensor> found = first.gradient().runAll(List.of(x, w.detach()));
    assertArrayEquals(new float[6], found.get(1).toFloatArray());
    assertEquals(w.shape(), found.get(1).shape());
  }

  @Test
  void whatHasNoGradientIsRefused() {
    refused("4, 3", Graph.trace(v -> v.mul(2), x)::gradient);
    refused(
        "2 results", Graph.trace(ins -> List.of(ins.getFirst().sum(), x), List.of(x))::gradient);
    Tensor frozen = Tensor.ones(3);
    Graph loss = Graph.trace(v -> v.mul(frozen).sum(), x);
    refused("requiresGrad(true)", () -> loss.gradient(frozen));
    Tensor integers = Tensor.of(new int[] {1, 2});
    Graph picked = Graph.trace(v -> w.indexSelect(0, v).sum(), integers);
    refused("name the captured tensors", picked::gradient);
    assertEquals(w.shape(), picked.gradient(w).run(integers).shape());
    Graph positive = Graph.trace(v -> v.gt(0), x);
    refused("result 0 is bool", positive::vjp);
  }

  private static void refused(String what, Runnable call) {
    GraphException e = assertThrows(GraphException.class, call::run);
    assertTrue(e.getMessage().contains(what), e.getMessage());
  }
}
