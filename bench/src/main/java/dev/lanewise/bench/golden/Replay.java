package dev.lanewise.bench.golden;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.graph.Graph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Computes a case and compares with what it should give. */
public final class Replay {
  private final GoldenFolder folder;
  private final boolean traced;

  /**
   * Makes one.
   *
   * @param folder has the cases
   * @param traced whether each is traced into a graph, which is run then
   */
  public Replay(GoldenFolder folder, boolean traced) {
    this.folder = folder;
    this.traced = traced;
  }

  /**
   * What has become of a case.
   *
   * @param id the case
   * @param failure what was wrong, or nothing
   */
  public record Outcome(String id, Optional<String> failure) {}

  /** {@return the names of all cases, in the order of the list} */
  public List<String> ids() {
    return folder.cases().stream().map(GoldenCase::id).toList();
  }

  /**
   * {@return what becomes of one case} Whatever goes wrong, the case has failed and others go on.
   *
   * @param number which, from 0 in the order of the list
   */
  public Outcome run(int number) {
    GoldenCase test = folder.cases().get(number);
    try (Scope _ = Scope.open("case")) {
      return new Outcome(test.id(), Optional.ofNullable(failure(test)));
    } catch (IOException | RuntimeException e) {
      return new Outcome(
          test.id(), Optional.of(e.getClass().getSimpleName() + ": " + e.getMessage()));
    }
  }

  private String failure(GoldenCase test) throws IOException {
    Optional<Operation> operation = Operations.of(test);
    if (operation.isEmpty()) {
      return "there is no operation '%s' of the group '%s'".formatted(test.op(), test.group());
    }
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (GoldenCase.Entry entry : test.inputs()) {
      // A copy: optimizers write into their weights, and other cases may share the array.
      inputs.put(entry.name(), Tensor.of(folder.array(entry)).copy());
    }
    for (GoldenCase.Entry entry : test.grads()) {
      inputs.get(entry.name()).requiresGrad(true);
    }
    Map<String, Tensor> ups = new LinkedHashMap<>();
    for (GoldenCase.Entry entry : test.up()) {
      ups.put(entry.name(), Tensor.of(folder.array(entry)));
    }
    Operation computed = operation.get();
    List<Tensor> results =
        traced
            ? Graph.trace(
                    ins -> results(test, computed, named(inputs, ins), ups),
                    List.copyOf(inputs.values()))
                .runAll(List.copyOf(inputs.values()))
            : results(test, computed, inputs, ups);
    int outputs = results.size() - test.grads().size();
    String wrong = compareAll(test, test.outputs(), results.subList(0, outputs), "");
    return wrong != null
        ? wrong
        : compareAll(test, test.grads(), results.subList(outputs, results.size()), "gradient by ");
  }

  /** {@return tensors under the names that others have} */
  private static Map<String, Tensor> named(Map<String, Tensor> names, List<Tensor> tensors) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    int i = 0;
    for (String name : names.keySet()) {
      named.put(name, tensors.get(i++));
    }
    return named;
  }

  /** {@return what an operation gives, and then the gradients by its inputs} */
  private static List<Tensor> results(
      GoldenCase test, Operation operation, Map<String, Tensor> inputs, Map<String, Tensor> ups) {
    List<Tensor> results =
        new ArrayList<>(List.of(operation.apply(new Call(test.attributes(), inputs))));
    List<String> names = test.outputs().stream().map(GoldenCase.Entry::name).toList();
    ups.forEach(
        (name, up) -> {
          int at = names.indexOf(name);
          // Too few results are told of afterwards.
          if (at < results.size() && results.get(at).requiresGrad()) {
            results.get(at).backward(up, true);
          }
        });
    for (GoldenCase.Entry entry : test.grads()) {
      Tensor input = inputs.get(entry.name());
      results.add(input.grad() == null ? Tensor.zerosLike(input) : input.grad());
    }
    return results;
  }

  private String compareAll(
      GoldenCase test, List<GoldenCase.Entry> entries, List<Tensor> results, String what)
      throws IOException {
    if (entries.size() != results.size()) {
      return "%d results, not %d".formatted(results.size(), entries.size());
    }
    for (int i = 0; i < results.size(); i++) {
      GoldenCase.Entry entry = entries.get(i);
      String wrong = compare(test, folder.dtype(entry), folder.array(entry), results.get(i).data());
      if (wrong != null) {
        return what + entry.name() + ": " + wrong;
      }
    }
    return null;
  }

  private static String compare(GoldenCase test, DType dtype, NdArray want, NdArray got) {
    if (got.dtype() != dtype || !got.shape().equals(want.shape())) {
      return "%s %s, not %s %s".formatted(got.dtype(), got.shape(), dtype, want.shape());
    }
    return dtype.isFloating()
        ? compareNumbers(test, want, got)
        : compareExactly(want.toLongArray(), got.toLongArray(), want.shape().dims());
  }

  private static String compareExactly(long[] want, long[] got, int[] dims) {
    int at = Arrays.mismatch(want, got);
    return at < 0
        ? null
        : "%d at %s, not %d".formatted(got[at], Arrays.toString(index(dims, at)), want[at]);
  }

  private static String compareNumbers(GoldenCase test, NdArray want, NdArray got) {
    double[] expected = want.toDoubleArray();
    double[] found = got.toDoubleArray();
    int worst = -1;
    double excess = 1;
    for (int i = 0; i < found.length; i++) {
      double ratio = excess(test, expected[i], found[i]);
      if (ratio > excess) {
        excess = ratio;
        worst = i;
      }
    }
    return worst < 0
        ? null
        : String.format(
            Locale.ROOT,
            "%s at %s, not %s: %.3g times the tolerance",
            found[worst],
            Arrays.toString(index(want.shape().dims(), worst)),
            expected[worst],
            excess);
  }

  /** {@return the difference as a multiple of the tolerance; no number at all is infinitely off} */
  private static double excess(GoldenCase test, double want, double got) {
    if (Double.compare(want, got) == 0 || want == got) {
      return 0;
    }
    double ratio = Math.abs(got - want) / test.tolerance(want);
    return Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : ratio;
  }

  private static int[] index(int[] dims, int at) {
    int[] index = new int[dims.length];
    int rest = at;
    for (int i = dims.length - 1; i >= 0; i--) {
      index[i] = rest % dims[i];
      rest /= dims[i];
    }
    return index;
  }
}
