package dev.lanewise.bench.cases;

import dev.lanewise.array.DType;
import dev.lanewise.bench.Network;
import dev.lanewise.kernel.Distribution;
import dev.lanewise.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The cases that are measured: the one list behind the table, its filter, and the tests. */
public final class KernelCases {
  private static final int[][] SQUARES_AND_LAYERS = {
    {32, 32, 32}, {64, 64, 64}, {128, 128, 128}, {256, 256, 256}, {512, 512, 512},
    {1024, 1024, 1024}, {2048, 2048, 2048}, {64, 784, 128}, {128, 784, 512}, {256, 1024, 1024},
    {1024, 1024, 10}, {64, 288, 12544}
  };

  /** Gradients by weights. */
  private static final int[][] TRANSPOSED_FIRST = {
    {256, 256, 256}, {784, 64, 128}, {784, 128, 512}, {1024, 256, 1024}, {1024, 1024, 10}
  };

  /** Gradients by inputs. */
  private static final int[][] TRANSPOSED_SECOND = {
    {256, 256, 256}, {64, 128, 784}, {128, 256, 512}, {256, 1024, 1024}, {1024, 10, 1024}
  };

  private static final int[][] DOUBLES = {
    {64, 64, 64},
    {256, 256, 256},
    {512, 512, 512},
    {1024, 1024, 1024},
    {64, 784, 128},
    {1024, 1024, 10}
  };

  private static final int[] LENGTHS = {Lengths.IN_CACHE, Lengths.IN_MEMORY};

  private static final boolean[] EITHER = {false, true};

  private KernelCases() {}

  /** {@return all cases, in the order of the table} */
  public static List<KernelCase> all() {
    List<KernelCase> cases = new ArrayList<>();
    addGemms(cases, DType.F32, Gemm.Form.NN, SQUARES_AND_LAYERS);
    addGemms(cases, DType.F32, Gemm.Form.TN, TRANSPOSED_FIRST);
    addGemms(cases, DType.F32, Gemm.Form.NT, TRANSPOSED_SECOND);
    addGemms(cases, DType.F64, Gemm.Form.NN, DOUBLES);
    addGemms(cases, DType.F64, Gemm.Form.TN, new int[][] {{256, 256, 256}});
    addGemms(cases, DType.F64, Gemm.Form.NT, new int[][] {{256, 256, 256}});
    for (Conv.Direction direction : Conv.Direction.values()) {
      for (ConvShape shape : ConvShape.values()) {
        cases.add(new Conv(direction, shape));
      }
    }
    for (Pool.Kind kind : Pool.Kind.values()) {
      for (boolean backward : EITHER) {
        cases.add(new Pool(kind, backward, 64, 32, 28, 2, 2, 0));
        cases.add(new Pool(kind, backward, 32, 64, 112, 3, 2, 1));
      }
    }
    addSequences(cases);
    for (int length : LENGTHS) {
      for (Elementwise.Op op : Elementwise.Op.values()) {
        cases.add(new Elementwise(op, length));
      }
    }
    for (int length : LENGTHS) {
      int rows = length / 256;
      cases.add(new Reduction(ReduceOp.SUM, Reduction.Over.ALL, rows, 256));
      cases.add(new Reduction(ReduceOp.MAX, Reduction.Over.ALL, rows, 256));
      cases.add(new Reduction(ReduceOp.SUM, Reduction.Over.ROWS, rows, 256));
      cases.add(new Reduction(ReduceOp.SUM, Reduction.Over.COLUMNS, rows, 256));
    }
    for (Rows.Op op : Rows.Op.values()) {
      cases.add(new Rows(op, 64, 10));
      cases.add(new Rows(op, 256, 64));
      cases.add(new Rows(op, 4096, 1000));
      cases.add(new Rows(op, 16384, 1024));
    }
    for (ImageNorm.Kind kind : ImageNorm.Kind.values()) {
      for (boolean backward : EITHER) {
        cases.add(new ImageNorm(kind, backward, 8, 32, 14));
        cases.add(new ImageNorm(kind, backward, 32, 64, 56));
      }
    }
    addIndexed(cases);
    addMoves(cases);
    for (OptimizerStep.Rule rule : OptimizerStep.Rule.values()) {
      cases.add(new OptimizerStep(rule, Lengths.IN_CACHE));
      cases.add(new OptimizerStep(rule, Lengths.IN_MEMORY));
    }
    for (Network network : List.of(Network.FASHION_MLP, Network.FASHION_CNN)) {
      cases.add(new Inference(network, 1));
      cases.add(new Inference(network, 256));
    }
    for (boolean traced : EITHER) {
      cases.add(new TrainingStep(Network.SMALL_MLP, 8, traced));
      cases.add(new TrainingStep(Network.FASHION_MLP, 32, traced));
      cases.add(new TrainingStep(Network.FASHION_MLP, 64, traced));
      cases.add(new TrainingStep(Network.FASHION_WIDE_MLP, 128, traced));
      cases.add(new TrainingStep(Network.FASHION_CNN, 64, traced));
    }
    for (boolean traced : EITHER) {
      cases.add(new ResidualBlock(4096, 1024, traced));
    }
    return List.copyOf(cases);
  }

  /**
   * {@return the cases whose id fits}
   *
   * @param quick whether only those of the quick round are wanted
   * @param id decides by {@link KernelCase#id}
   */
  public static List<KernelCase> selected(boolean quick, Predicate<String> id) {
    return all().stream()
        .filter(candidate -> !quick || candidate.isQuick())
        .filter(candidate -> id.test(candidate.id()))
        .toList();
  }

  /** What models of sequences are made of, beside products. */
  private static void addSequences(List<KernelCase> cases) {
    for (boolean backward : EITHER) {
      cases.add(new SelfAttention(backward, false, 1, 4, 128, 64));
      cases.add(new SelfAttention(backward, false, 2, 8, 512, 64));
      cases.add(new SelfAttention(backward, true, 1, 8, 1024, 64));
    }
    for (RecurrentStep.Cell cell : RecurrentStep.Cell.values()) {
      for (boolean backward : EITHER) {
        cases.add(new RecurrentStep(cell, backward, 64, 128));
        cases.add(new RecurrentStep(cell, backward, 256, 1024));
      }
    }
  }

  /** What finds, orders or follows indices. */
  private static void addIndexed(List<KernelCase> cases) {
    for (Lines.Op op : Lines.Op.values()) {
      cases.add(new Lines(op, 1, 64, 1000));
      cases.add(new Lines(op, 1, 4096, 1000));
      cases.add(new Lines(op, 1, 1, 1 << 20));
      cases.add(new Lines(op, 0, 1000, 64));
      cases.add(new Lines(op, 0, 1000, 4096));
    }
    for (Picking.Op op : Picking.Op.values()) {
      cases.add(new Picking(op, 10_000, 128, 512));
      cases.add(new Picking(op, 30_000, 512, 8192));
    }
  }

  /** What moves memory and computes little, or begins with it. */
  private static void addMoves(List<KernelCase> cases) {
    for (Copy.Kind kind : Copy.Kind.values()) {
      cases.add(new Copy(kind, 128, 128));
      cases.add(new Copy(kind, 4096, 4096));
    }
    for (Distribution distribution : Distribution.values()) {
      for (int length : LENGTHS) {
        cases.add(new RandomNumbers(distribution, length));
      }
    }
    for (ArrayBlas.Op op : List.of(ArrayBlas.Op.SGEMV, ArrayBlas.Op.SGEMV_T)) {
      cases.add(new ArrayBlas(op, 256, 512));
      cases.add(new ArrayBlas(op, 4096, 4096));
    }
    for (ArrayBlas.Op op : List.of(ArrayBlas.Op.SDOT, ArrayBlas.Op.SAXPY)) {
      for (int length : LENGTHS) {
        cases.add(new ArrayBlas(op, 1, length));
      }
    }
  }

  private static void addGemms(
      List<KernelCase> cases, DType dtype, Gemm.Form form, int[][] extents) {
    for (int[] mkn : extents) {
      cases.add(new Gemm(dtype, form, mkn[0], mkn[1], mkn[2]));
    }
  }
}
