package dev.lanewise.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.bench.cases.ArrayBlas;
import dev.lanewise.bench.cases.Conv;
import dev.lanewise.bench.cases.ConvShape;
import dev.lanewise.bench.cases.Copy;
import dev.lanewise.bench.cases.Gemm;
import dev.lanewise.bench.cases.ImageNorm;
import dev.lanewise.bench.cases.Lines;
import dev.lanewise.bench.cases.OptimizerStep;
import dev.lanewise.bench.cases.Picking;
import dev.lanewise.bench.cases.Pool;
import dev.lanewise.bench.cases.RecurrentStep;
import dev.lanewise.bench.cases.Reduction;
import dev.lanewise.bench.cases.Rows;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.ReduceOp;
import dev.lanewise.nn.Sequential;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Benchmarks on small problems, without timing: their answers are right and proved. */
class BenchmarksTest {
  @ParameterizedTest
  @EnumSource
  void everyFormOfProductIsProvedAndCounted(Gemm.Form form) {
    var benchmark = new GemmBenchmark();
    benchmark.form = form;
    benchmark.size = "5x70x33";
    benchmark.prepare();
    var work = new GemmBenchmark.Work();
    benchmark.simd(work);
    benchmark.plainJava(work);
    benchmark.plainJavaRows(work);
    assertEquals(3 * 2e-9 * 5 * 70 * 33, work.gflops, 1e-15);
  }

  @ParameterizedTest
  @EnumSource
  void everyElementwiseKernelIsProvedAndCounted(ElementwiseBenchmark.Op op) {
    var benchmark = new ElementwiseBenchmark();
    benchmark.op = op;
    benchmark.length = 1001;
    benchmark.prepare();
    var work = new ElementwiseBenchmark.Work();
    benchmark.simd(work);
    benchmark.plainJava(work);
    assertEquals(2 * 1e-9 * 1001, work.gelements, 1e-15);
  }

  /** Parameters as JMH would set them, on small problems. */
  private static List<CaseBenchmark> caseBenchmarks() {
    var conv = new ConvBenchmark();
    conv.direction = Conv.Direction.BACKWARD_FILTER;
    conv.shape = ConvShape.C1_K32;
    var pool = new PoolBenchmark();
    pool.kind = Pool.Kind.AVG;
    pool.backward = true;
    pool.window = 3;
    var reduction = new ReductionBenchmark();
    reduction.op = ReduceOp.MAX;
    reduction.over = Reduction.Over.COLUMNS;
    reduction.length = 4096;
    var rows = new RowsBenchmark();
    rows.op = Rows.Op.LAYER_NORM;
    rows.size = "64x10";
    var attention = new AttentionBenchmark();
    attention.causal = true;
    attention.length = 9;
    var recurrent = new RecurrentBenchmark();
    recurrent.cell = RecurrentStep.Cell.GRU;
    recurrent.units = 5;
    var norm = new ImageNormBenchmark();
    norm.kind = ImageNorm.Kind.GROUP;
    norm.backward = true;
    norm.side = 4;
    var lines = new LinesBenchmark();
    lines.op = Lines.Op.CUMSUM;
    lines.rows = 1000;
    var picking = new PickingBenchmark();
    picking.op = Picking.Op.GATHER;
    picking.picks = 7;
    picking.width = 5;
    var copy = new CopyBenchmark();
    copy.kind = Copy.Kind.TO_BF16;
    copy.side = 17;
    var random = new RandomBenchmark();
    random.distribution = Distribution.NORMAL;
    random.length = 100;
    var vectors = new ArrayBlasBenchmark();
    vectors.op = ArrayBlas.Op.SDOT;
    vectors.side = 17;
    var optimizer = new OptimizerBenchmark();
    optimizer.rule = OptimizerStep.Rule.ADAM;
    optimizer.length = 1000;
    var inference = new InferenceBenchmark();
    inference.network = Network.FASHION_CNN;
    inference.batch = 1;
    var training = new TrainingStepBenchmark();
    training.network = Network.DIGITS_MLP;
    training.batch = 8;
    var block = new ResidualBlockBenchmark();
    block.rows = 3;
    block.columns = 40;
    block.traced = true;
    return List.of(
        conv, pool, attention, recurrent, reduction, rows, norm, lines, picking, copy, random,
        vectors, optimizer, inference, training, block);
  }

  @ParameterizedTest
  @MethodSource("caseBenchmarks")
  void everyOtherKernelIsProvedAndCounted(CaseBenchmark benchmark) {
    benchmark.prepare();
    var work = new CaseBenchmark.Work();
    benchmark.simd(work);
    benchmark.simd(work);
    assertEquals(2 * benchmark.kernelCase().work().amount(), work.amount);
    benchmark.close();
  }

  @ParameterizedTest
  @EnumSource
  void fusedAndUnfusedAgree(FusionBenchmark.What what) {
    var benchmark = new FusionBenchmark();
    benchmark.what = what;
    benchmark.length = 1001;
    benchmark.prepare();
    benchmark.fused();
    benchmark.operationByOperation();
  }

  @Test
  void theGradientOfAChainIsProved() {
    var benchmark = new TapeBenchmark();
    benchmark.length = 10;
    benchmark.prepare();
    benchmark.forward();
    benchmark.forwardAndBackward();
  }

  @Test
  void aWrongElementIsFound() {
    float[] right = {1, 2, 3};
    Answers.checkElements("test", right, i -> i + 1, 0);
    assertWrong(
        "test: element 2 is 3.0, ",
        () -> Answers.checkElements("test", right, i -> Math.min(i + 1, 2.9999), 1));
    float[] nan = {1, Float.NaN, 3};
    assertWrong(
        "test: element 1 is NaN, ", () -> Answers.checkElements("test", nan, i -> i + 1, 1));
  }

  @Test
  void aWrongProductIsFound() {
    float[] a = {1, 2, 3, 4};
    float[] b = {5, 6, 7, 8};
    Answers.checkProduct("test", a, b, new float[] {19, 22, 43, 50}, 2, 2, 2);
    assertWrong(
        "test: element 2 is 43.0001, ",
        () -> Answers.checkProduct("test", a, b, new float[] {19, 22, 43.0001f, 50}, 2, 2, 2));
    // The other way round, a · bᵀ, is another product.
    assertWrong(
        "test: element 0 is 17.0, ",
        () -> Answers.checkProduct("test", a, b, new float[] {17, 23, 39, 53}, 2, 2, 2));
  }

  private static void assertWrong(String start, Runnable check) {
    var e = assertThrows(WrongAnswerException.class, check::run);
    assertTrue(e.getMessage().startsWith(start), e.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void everyNetworkIsBuilt(Network network) {
    Sequential model = network.create(1, Backends.named("simd"));
    String summary = model.summary();
    String params =
        switch (network) {
          case SMALL_MLP -> "1,732";
          case DIGITS_MLP -> "9,610";
          case FASHION_MLP -> "101,770";
          case FASHION_WIDE_MLP -> "535,818";
          case FASHION_CNN -> "421,642";
        };
    assertEquals(
        network.weightShapes(),
        model.weights().stream().map(weight -> weight.value().shape()).toList());
    assertTrue(summary.contains("Total params: " + params), summary);
  }
}
