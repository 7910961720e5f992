package dev.lanewise.graph;

import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Gradients;
import dev.lanewise.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Graphs of gradients: the function that a graph was traced from is traced once more, with the way
 * back. So a gradient has the bits that {@link Gradients} gives at once, and can be differentiated
 * again.
 */
final class Differentiation {
  private Differentiation() {}

  /**
   * {@return the graph of a loss's gradient}
   *
   * @param graph the graph of the loss
   * @param weights by which captured tensors; if there are none, by the floating inputs
   * @param withValue whether its first result is the loss
   */
  static Graph gradient(Graph graph, List<Tensor> weights, boolean withValue) {
    String operation = withValue ? "valueAndGradient" : "gradient";
    requireLoss(operation, graph);
    requireRecorded(operation, weights);
    Source source = graph.source();
    if (weights.isEmpty()) {
      requireFloating(operation, source);
    }
    return source.trace(
        (ins, recorded) -> {
          try (Grad _ = Grad.on()) {
            List<Tensor> given = recorded(ins);
            Tensor loss = source.function().apply(given, true).getFirst();
            List<Tensor> by = weights.isEmpty() ? floating(given) : weights;
            Tensor[] found = Gradients.of(loss, by.toArray(Tensor[]::new), recorded);
            List<Tensor> results = new ArrayList<>();
            if (withValue) {
              results.add(recorded ? loss : loss.detach());
            }
            results.addAll(present(found, by));
            return results;
          }
        },
        List.of());
  }

  /** {@return the graph of the product of a gradient by each result with the Jacobian} */
  static Graph vjp(Graph graph) {
    Source source = graph.source();
    requireFloating("vjp", source);
    List<View> outputs = graph.program().outputs();
    List<Example> cotangents = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      View output = outputs.get(i);
      if (!output.dtype().isFloating()) {
        throw new GraphException(
            "vjp: result "
                + i
                + " is "
                + output.dtype()
                + ", which has no gradient; trace a function of floating results");
      }
      cotangents.add(new Example(output.dtype(), output.shape(), false));
    }
    int count = source.examples().size();
    return source.trace(
        (ins, recorded) -> {
          try (Grad _ = Grad.on()) {
            List<Tensor> given = recorded(ins.subList(0, count));
            List<Tensor> results = source.function().apply(given, true);
            Tensor sum = null;
            for (int i = 0; i < results.size(); i++) {
              // The gradient of this sum by a result is its cotangent, to the bit.
              Tensor product = results.get(i).mul(ins.get(count + i)).sum();
              sum = sum == null ? product : sum.add(product);
            }
            List<Tensor> by = floating(given);
            return present(Gradients.of(sum, by.toArray(Tensor[]::new), recorded), by);
          }
        },
        cotangents);
  }

  /** {@return the inputs, the floating ones recorded} */
  private static List<Tensor> recorded(List<Tensor> ins) {
    return ins.stream()
        .map(
            in ->
                in.requiresGrad() || !in.dtype().isFloating() ? in : in.detach().requiresGrad(true))
        .toList();
  }

  private static List<Tensor> floating(List<Tensor> ins) {
    return ins.stream().filter(in -> in.dtype().isFloating()).toList();
  }

  /** {@return gradients, zeros where a result does not depend on a tensor} */
  private static List<Tensor> present(Tensor[] found, List<Tensor> by) {
    List<Tensor> all = new ArrayList<>(Arrays.asList(found));
    for (int i = 0; i < found.length; i++) {
      if (found[i] == null) {
        all.set(i, Tensor.zerosLike(by.get(i)));
      }
    }
    return all;
  }

  private static void requireLoss(String operation, Graph graph) {
    List<View> outputs = graph.program().outputs();
    View first = outputs.isEmpty() ? null : outputs.getFirst();
    if (outputs.size() != 1 || first.shape().size() != 1 || !first.dtype().isFloating()) {
      String results =
          outputs.size() == 1
              ? "the result is " + first.dtype() + " " + first.shape()
              : "there are " + outputs.size() + " results";
      throw new GraphException(
          operation
              + ": the graph's only result must be one floating number, a loss, but "
              + results
              + "; end the function with mean() or sum(), or call vjp()");
    }
  }

  private static void requireRecorded(String operation, List<Tensor> weights) {
    for (int i = 0; i < weights.size(); i++) {
      if (!weights.get(i).requiresGrad()) {
        throw new GraphException(
            operation
                + ": tensor "
                + i
                + " of shape "
                + weights.get(i).shape()
                + " does not require a gradient; call requiresGrad(true) on it before the function"
                + " reads it");
      }
    }
  }

  private static void requireFloating(String operation, Source source) {
    if (source.examples().stream().noneMatch(example -> example.dtype().isFloating())) {
      throw new GraphException(
          operation
              + ": none of the graph's "
              + source.examples().size()
              + " inputs is floating; name the captured tensors that are to be differentiated by");
    }
  }
}
