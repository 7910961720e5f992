package dev.lanewise.bench.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.bench.Network;
import dev.lanewise.bench.WrongAnswerException;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KernelCasesTest {
  /** One of each kind, as small as tells rows from columns. */
  static List<KernelCase> small() {
    List<KernelCase> cases = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      for (Gemm.Form form : Gemm.Form.values()) {
        cases.add(new Gemm(dtype, form, 5, 37, 19));
      }
    }
    for (Elementwise.Op op : Elementwise.Op.values()) {
      cases.add(new Elementwise(op, 3 * Elementwise.COLUMNS));
    }
    for (Reduction.Over over : Reduction.Over.values()) {
      cases.add(new Reduction(ReduceOp.SUM, over, 7, 130));
      cases.add(new Reduction(ReduceOp.MAX, over, 7, 130));
    }
    for (Rows.Op op : Rows.Op.values()) {
      cases.add(new Rows(op, 5, 77));
    }
    for (OptimizerStep.Rule rule : OptimizerStep.Rule.values()) {
      cases.add(new OptimizerStep(rule, 301));
    }
    for (boolean backward : new boolean[] {false, true}) {
      for (Pool.Kind kind : Pool.Kind.values()) {
        cases.add(new Pool(kind, backward, 2, 3, 9, 2, 2, 0));
        cases.add(new Pool(kind, backward, 2, 3, 9, 3, 2, 1));
      }
      cases.add(new SelfAttention(backward, false, 2, 2, 7, 5));
      cases.add(new SelfAttention(backward, true, 1, 2, 7, 5));
      for (RecurrentStep.Cell cell : RecurrentStep.Cell.values()) {
        cases.add(new RecurrentStep(cell, backward, 3, 17));
      }
      for (ImageNorm.Kind kind : ImageNorm.Kind.values()) {
        cases.add(new ImageNorm(kind, backward, 2, 8, 5));
      }
    }
    for (Lines.Op op : Lines.Op.values()) {
      cases.add(new Lines(op, 1, 5, 77));
      cases.add(new Lines(op, 0, 5, 77));
    }
    for (Picking.Op op : Picking.Op.values()) {
      cases.add(new Picking(op, 9, 17, 23));
    }
    for (Copy.Kind kind : Copy.Kind.values()) {
      cases.add(new Copy(kind, 5, 77));
    }
    for (Distribution distribution : Distribution.values()) {
      cases.add(new RandomNumbers(distribution, 101));
    }
    for (ArrayBlas.Op op : ArrayBlas.Op.values()) {
      cases.add(new ArrayBlas(op, op.name().startsWith("SGEMV") ? 5 : 1, 77));
    }
    cases.add(new Inference(Network.DIGITS_MLP, 3));
    for (boolean traced : new boolean[] {false, true}) {
      cases.add(new TrainingStep(Network.DIGITS_MLP, 8, traced));
      cases.add(new ResidualBlock(33, 77, traced));
    }
    return cases;
  }

  /** Every convolution that is measured; their sums are sampled, so that SIMD alone is quick. */
  static List<KernelCase> convolutions() {
    List<KernelCase> cases = new ArrayList<>();
    for (Conv.Direction direction : Conv.Direction.values()) {
      for (ConvShape shape : ConvShape.values()) {
        cases.add(new Conv(direction, shape));
      }
    }
    cases.add(new Inference(Network.FASHION_CNN, 2));
    return cases;
  }

  @ParameterizedTest
  @MethodSource({"small", "convolutions"})
  void simdGivesTheExactAnswer(KernelCase kernelCase) {
    check(kernelCase, Backends.named("simd"));
  }

  @ParameterizedTest
  @MethodSource("small")
  void theReferenceGivesTheExactAnswer(KernelCase kernelCase) {
    check(kernelCase, Backends.named("reference"));
  }

  private static void check(KernelCase kernelCase, Backend backend) {
    List<float[]> inputs = kernelCase.inputs();
    try (Kernel kernel = kernelCase.on(backend, inputs)) {
      kernel.run();
      kernelCase.exact(inputs).check("test", kernel);
    }
  }

  @ParameterizedTest
  @MethodSource("small")
  void aWrongAnswerIsFound(KernelCase kernelCase) {
    List<float[]> inputs = kernelCase.inputs();
    Exact exact = kernelCase.exact(inputs);
    int wrong = exact.size() / 2;
    try (Kernel kernel = kernelCase.on(Backends.named("reference"), inputs)) {
      kernel.run();
      Kernel off = new Off(kernel, wrong);
      var e = assertThrows(WrongAnswerException.class, () -> exact.check("test", off));
      assertTrue(e.getMessage().startsWith("test: element " + wrong + " is "), e.getMessage());
    }
  }

  /** Is off by a thousandth at one place. */
  private record Off(Kernel kernel, int place) implements Kernel {
    @Override
    public void run() {
      kernel.run();
    }

    @Override
    public double element(int index) {
      double right = kernel.element(index);
      return index == place ? right + 1e-2 * (1 + Math.abs(right)) : right;
    }

    @Override
    public void close() {
      kernel.close();
    }
  }

  @Test
  void noCaseIsListedTwice() {
    Set<String> ids = new HashSet<>();
    for (KernelCase kernelCase : KernelCases.all()) {
      assertTrue(ids.add(kernelCase.id()), kernelCase.id());
    }
  }

  @Test
  void everyKindOfKernelIsInTheQuickRound() {
    Set<String> all = kernels(KernelCases.all());
    assertEquals(all, kernels(KernelCases.selected(true, _ -> true)));
    assertTrue(all.containsAll(List.of("gemm f64 NT", "conv backward-filter", "bias+relu")));
  }

  private static Set<String> kernels(List<KernelCase> cases) {
    Set<String> kernels = new HashSet<>();
    cases.forEach(kernelCase -> kernels.add(kernelCase.kernel()));
    return kernels;
  }

  @Test
  void casesAreSelectedByTheirId() {
    List<KernelCase> selected =
        KernelCases.selected(false, id -> id.equals("gemm f32 NN 1024x1024x10"));
    assertEquals(List.of(new Gemm(DType.F32, Gemm.Form.NN, 1024, 1024, 10)), selected);
    assertEquals(2.0 * 1024 * 1024 * 10, selected.getFirst().work().flops());
  }

  @Test
  void networksCountTheirMultiplications() {
    double images = 28 * 28 * 32 * 9 + 14.0 * 14 * 64 * 32 * 9;
    assertEquals(2 * (images + 3136 * 128 + 1280), Network.FASHION_CNN.flops());
    assertEquals(
        256 * 2.0 * (784 * 128 + 1280), new Inference(Network.FASHION_MLP, 256).work().flops());
  }

  @Test
  void convolutionsCountTheirTaps() {
    Conv depthwise = new Conv(Conv.Direction.FORWARD, ConvShape.DEPTHWISE);
    assertEquals("n32 c96 28x28 k96 3x3 groups 96", depthwise.shape());
    assertEquals(2.0 * 9 * 32 * 96 * 28 * 28, depthwise.work().flops());
    assertEquals(
        "n32 c128 28x28 k128 3x3 stride 2",
        new Conv(Conv.Direction.BACKWARD_DATA, ConvShape.STRIDE_2).shape());
  }
}
