package dev.lanewise.simd.gemm;

import static dev.lanewise.simd.gemm.VectorCode.SEGMENT;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.lanewise.simd.GeneratedClass;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.function.IntConsumer;

/**
 * Generates the class of a blocking's register tiles, one static method for each number of rows and
 * vectors and each form of A. Accumulators are local variables, so that C2 keeps them in registers.
 *
 * <p>What the shape of the code owes to C2 was measured with AVX2, whose 16 registers a 6×16 tile
 * fills, so that one spilled accumulator halves the speed (GFLOP/s of 128):
 *
 * <ul>
 *   <li>A column of A is read through one slice, whose check keeps the loads of the next in place
 *       (120; 66 with addresses that need no check), and lets each broadcast read memory: by rows,
 *       too, where the elements of a column are far apart, as the slice is long enough for all. Two
 *       slices for a column, to save registers of addresses, spill with AVX2 (65), and a {@code
 *       loadLoadFence} after each row costs a move from the integer registers for each broadcast.
 *       The loop ends on an address, as a counted loop of a small tile is unrolled and then spills
 *       (113 and 46 for 4×16).
 *   <li>Addresses that need no check otherwise: masked to be positive, they are below the end of
 *       memory, and C2 knows it. Slices in the epilogue exceed what C2 inlines, and cost half of a
 *       short tile.
 *   <li>C is read from a row of zeros where it is not added to, so that there is one epilogue.
 * </ul>
 */
final class TileCode {
  private static final MethodTypeDesc SIGNATURE =
      MethodTypeDesc.of(
          CD_void,
          CD_int,
          CD_long,
          CD_long,
          CD_long,
          CD_long,
          CD_long,
          CD_long,
          CD_double,
          CD_boolean);

  // The slots of the parameters.
  private static final int K = 0;
  private static final int A = 1;
  private static final int STRIDE_A = 3;
  private static final int B = 5;
  private static final int STRIDE_B = 7;
  private static final int C = 9;
  private static final int STRIDE_C = 11;
  private static final int ALPHA = 13;
  private static final int ACCUMULATE = 15;

  private final Blocking blocking;
  private final VectorCode vectors;

  private TileCode(Blocking blocking) {
    this.blocking = blocking;
    this.vectors = VectorCode.of(blocking.element());
  }

  /**
   * {@return a new kernel for a blocking}
   *
   * @param blocking the blocking, of the vector width in use
   */
  static TileKernel compile(Blocking blocking) {
    TileCode tiles = new TileCode(blocking);
    int shapes = blocking.rows() * blocking.vectors();
    ClassDesc self = VectorCode.generated("Gemm" + blocking.rows() + "x" + blocking.columns());
    return GeneratedClass.define(
        MethodHandles.lookup(),
        TileKernel.class,
        self,
        type -> {
          VectorCode.family(type, self, "rows", SIGNATURE, 0, shapes, tiles::rows);
          VectorCode.family(type, self, "columns", SIGNATURE, 0, shapes, tiles::columns);
        });
  }

  private void rows(CodeBuilder code, int shape) {
    int[][] sums = zeroSums(code, shape);
    sumByRows(code, sums);
    store(code, sums);
    code.return_();
  }

  private void columns(CodeBuilder code, int shape) {
    int[][] sums = zeroSums(code, shape);
    sumByColumns(code, sums);
    store(code, sums);
    code.return_();
  }

  /**
   * The accumulators of the tile that {@link TileKernel#shape} numbers so. A zero for each row, or
   * one for all, decides where C2's 18,000th node is, at which it drops calls: so it is in a
   * multiplication, which has none that it may drop, and not in a load of A. Loads of doubles take
   * more nodes.
   */
  private int[][] zeroSums(CodeBuilder code, int shape) {
    int rows = shape / blocking.vectors() + 1;
    int width = shape % blocking.vectors() + 1;
    if (blocking.element() == Element.F64) {
      return vectors.zeros(code, rows, width);
    }
    int[][] sums = new int[rows][];
    for (int r = 0; r < rows; r++) {
      sums[r] = vectors.zeros(code, 1, width)[0];
    }
    return sums;
  }

  /** The loop over k where A has unit column stride: a column of A is one slice of far elements. */
  private void sumByRows(CodeBuilder code, int[][] sums) {
    int[] offsets = new int[sums.length];
    for (int r = 0; r < sums.length; r++) {
      offsets[r] = code.allocateLocal(TypeKind.LONG);
      code.lload(STRIDE_A).loadConstant((long) r).lmul();
      code.loadConstant(TileKernel.MOST_OFFSET).land().lstore(offsets[r]);
    }
    sumOverColumns(
        code,
        sums,
        TileKernel.MOST_OFFSET + blocking.element().bytes,
        r -> code.lload(offsets[r]),
        () -> code.lload(A).loadConstant((long) blocking.element().bytes).ladd().lstore(A));
  }

  /** The loop over k where A has unit row stride: a column of A is one slice. */
  private void sumByColumns(CodeBuilder code, int[][] sums) {
    long bytes = blocking.element().bytes;
    sumOverColumns(
        code,
        sums,
        sums.length * bytes,
        r -> code.loadConstant(r * bytes),
        () -> VectorCode.add(code, A, STRIDE_A));
  }

  private void sumOverColumns(
      CodeBuilder code, int[][] sums, long sliceBytes, IntConsumer pushOffset, Runnable advanceA) {
    int end = code.allocateLocal(TypeKind.LONG);
    int column = code.allocateLocal(TypeKind.REFERENCE);
    code.lload(B).lload(STRIDE_B).iload(K).i2l().lmul().ladd().lstore(end);
    Label loop = code.newBoundLabel();
    Label done = code.newLabel();
    code.lload(B).lload(end).lcmp().ifeq(done);
    int[] rowOfB = loadRowOfB(code, sums[0].length);
    slice(code, A, sliceBytes, column);
    for (int r = 0; r < sums.length; r++) {
      int row = r;
      vectors.loadSpecies(code);
      code.aload(column);
      vectors.loadScalar(code, () -> pushOffset.accept(row));
      multiplyAdd(code, rowOfB, sums[r]);
    }
    advanceA.run();
    VectorCode.add(code, B, STRIDE_B);
    code.goto_(loop).labelBinding(done);
  }

  /** {@return new variables that hold where each row starts} */
  static int[] rowStarts(CodeBuilder code, int first, int stride, int rows) {
    int[] starts = new int[rows];
    starts[0] = first;
    VectorCode.maskAddress(code, first);
    for (int r = 1; r < rows; r++) {
      starts[r] = code.allocateLocal(TypeKind.LONG);
      code.lload(starts[r - 1]).lload(stride).ladd().lstore(starts[r]);
      VectorCode.maskAddress(code, starts[r]);
    }
    return starts;
  }

  /** Moves an offset from the starts of rows; the mask tells C2 that it is positive. */
  static void advance(CodeBuilder code, int offset, int bytes) {
    code.lload(offset).loadConstant((long) bytes).ladd();
    code.loadConstant((long) Integer.MAX_VALUE).land().lstore(offset);
  }

  /** With the species and an element of A on the stack: one row of FMAs. */
  private void multiplyAdd(CodeBuilder code, int[] rowOfB, int[] sums) {
    int factor = code.allocateLocal(TypeKind.REFERENCE);
    vectors.broadcast(code);
    code.astore(factor);
    for (int v = 0; v < sums.length; v++) {
      code.aload(factor).aload(rowOfB[v]).aload(sums[v]);
      vectors.fma(code);
      code.astore(sums[v]);
    }
  }

  private int[] loadRowOfB(CodeBuilder code, int count) {
    int row = code.allocateLocal(TypeKind.REFERENCE);
    slice(code, B, (long) count * vectors.bytes(), row);
    int[] loaded = new int[count];
    for (int v = 0; v < count; v++) {
      loaded[v] = code.allocateLocal(TypeKind.REFERENCE);
      vectors.loadSpecies(code);
      code.aload(row).loadConstant((long) v * vectors.bytes());
      vectors.loadVector(code);
      code.astore(loaded[v]);
    }
    return loaded;
  }

  private static void slice(CodeBuilder code, int address, long bytes, int slot) {
    VectorCode.loadMemory(code);
    code.lload(address)
        .loadConstant(bytes)
        .invokeinterface(SEGMENT, "asSlice", MethodTypeDesc.of(SEGMENT, CD_long, CD_long))
        .astore(slot);
  }

  private void store(CodeBuilder code, int[][] sums) {
    int factor = code.allocateLocal(TypeKind.REFERENCE);
    vectors.loadSpecies(code);
    code.dload(ALPHA);
    if (!vectors.scalar().equals(CD_double)) {
      code.d2f();
    }
    vectors.broadcast(code);
    code.astore(factor);
    int old = code.allocateLocal(TypeKind.LONG);
    int oldStride = code.allocateLocal(TypeKind.LONG);
    code.iload(ACCUMULATE)
        .ifThenElse(
            add -> add.lload(C).lstore(old).lload(STRIDE_C).lstore(oldStride),
            set -> {
              VectorCode.loadZeros(set);
              set.lstore(old).lconst_0().lstore(oldStride);
            });
    for (int[] row : sums) {
      VectorCode.maskAddress(code, old);
      VectorCode.maskAddress(code, C);
      for (int v = 0; v < row.length; v++) {
        code.aload(factor).aload(row[v]);
        vectors.loadVectorAt(code, old, v);
        vectors.fma(code);
        vectors.storeVectorAt(code, C, v);
      }
      VectorCode.add(code, old, oldStride);
      VectorCode.add(code, C, STRIDE_C);
    }
  }
}
