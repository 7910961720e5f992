package dev.lanewise.simd.gemm;

import static dev.lanewise.simd.gemm.VectorCode.SEGMENT;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.lanewise.simd.GeneratedClass;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Generates the class of an {@link IndirectTile}, one static method for each number of rows and
 * vectors. {@link TileCode} says what the shape of the code owes to C2; the difference is that
 * where a row lies is loaded from a table.
 *
 * <p>Rows of A are listed in an array: from memory, each offset would be 600 nodes to C2 instead of
 * 20, and where a method has 18,000, C2 drops the call it is just reading, unless the JDK insists
 * on it. Dropped was a call in the loop, around which C2 saved all sums: the tile was four times as
 * slow. Rows of B are listed in memory: with an array, C2 moved the loads of A together, and three
 * sums out of the registers (5×5 filters: 128 GFLOP/s with an array, 180 from memory).
 */
final class IndirectTileCode {
  /** The class of lists of offsets. */
  static final ClassDesc OFFSETS = CD_long.arrayType();

  private static final MethodTypeDesc SIGNATURE =
      MethodTypeDesc.of(
          CD_void,
          CD_int,
          CD_long,
          OFFSETS,
          CD_int,
          CD_long,
          CD_long,
          CD_long,
          CD_long,
          CD_boolean);
  private static final ClassDesc LONG_LAYOUT = VectorCode.describe(ValueLayout.OfLong.class);

  // The slots of the parameters.
  private static final int K = 0;
  private static final int A = 1;
  private static final int ROWS_OF_A = 3;
  private static final int FIRST_OF_A = 4;
  private static final int B = 5;
  private static final int ROWS_OF_B = 7;
  private static final int C = 9;
  private static final int STRIDE_C = 11;
  private static final int ACCUMULATE = 13;

  private final Blocking blocking;
  private final VectorCode vectors;

  private IndirectTileCode(Blocking blocking) {
    this.blocking = blocking;
    this.vectors = VectorCode.of(blocking.element());
  }

  /**
   * {@return a new kernel for a blocking}
   *
   * @param blocking the blocking, of the vector width in use
   */
  static IndirectTile compile(Blocking blocking) {
    IndirectTileCode tiles = new IndirectTileCode(blocking);
    ClassDesc self = VectorCode.generated("Indirect" + blocking.rows() + "x" + blocking.columns());
    return GeneratedClass.define(
        MethodHandles.lookup(),
        IndirectTile.class,
        self,
        type ->
            VectorCode.family(
                type, self, "run", SIGNATURE, 0, IndirectTile.shapes(blocking), tiles::tile));
  }

  private void tile(CodeBuilder code, int shape) {
    boolean wide = shape == blocking.rows() * blocking.vectors();
    int rows = wide ? 1 : shape / blocking.vectors() + 1;
    int width = wide ? IndirectTile.WIDE : shape % blocking.vectors() + 1;
    int[][] sums = vectors.zeros(code, rows, width);
    sum(code, sums);
    store(code, sums);
    code.return_();
  }

  private void sum(CodeBuilder code, int[][] sums) {
    int[] starts = rowStarts(code, A, ROWS_OF_A, FIRST_OF_A, sums.length);
    int offset = code.allocateLocal(TypeKind.LONG);
    int end = code.allocateLocal(TypeKind.LONG);
    VectorCode.maskAddress(code, ROWS_OF_B);
    code.lconst_0().lstore(offset);
    code.lload(ROWS_OF_B).iload(K).i2l().loadConstant((long) Long.BYTES).lmul().ladd().lstore(end);
    Label loop = code.newBoundLabel();
    Label done = code.newLabel();
    code.lload(ROWS_OF_B).lload(end).lcmp().ifeq(done);
    int[] rowOfB = loadRowOfB(code, sums[0].length);
    for (int r = 0; r < sums.length; r++) {
      int start = starts[r];
      vectors.loadSpecies(code);
      VectorCode.loadMemory(code);
      vectors.loadScalar(code, () -> code.lload(start).lload(offset).ladd());
      int factor = code.allocateLocal(TypeKind.REFERENCE);
      vectors.broadcast(code);
      code.astore(factor);
      for (int v = 0; v < sums[r].length; v++) {
        code.aload(factor).aload(rowOfB[v]).aload(sums[r][v]);
        vectors.fma(code);
        code.astore(sums[r][v]);
      }
      code.invokestatic(VectorCode.describe(VarHandle.class), "loadLoadFence", MTD_void);
    }
    TileCode.advance(code, offset, blocking.element().bytes);
    code.lload(ROWS_OF_B).loadConstant((long) Long.BYTES).ladd().lstore(ROWS_OF_B);
    code.goto_(loop).labelBinding(done);
  }

  /** {@return new variables that hold where each row of A starts} */
  static int[] rowStarts(CodeBuilder code, int base, int offsets, int first, int rows) {
    int[] starts = new int[rows];
    for (int r = 0; r < rows; r++) {
      starts[r] = code.allocateLocal(TypeKind.LONG);
      code.lload(base);
      code.aload(offsets).iload(first).loadConstant(r).iadd().laload();
      code.ladd().lstore(starts[r]);
      VectorCode.maskAddress(code, starts[r]);
    }
    return starts;
  }

  private int[] loadRowOfB(CodeBuilder code, int count) {
    int row = code.allocateLocal(TypeKind.REFERENCE);
    VectorCode.loadMemory(code);
    code.lload(B);
    VectorCode.loadMemory(code);
    code.getstatic(VectorCode.describe(ValueLayout.class), "JAVA_LONG", LONG_LAYOUT)
        .lload(ROWS_OF_B)
        .invokeinterface(SEGMENT, "get", MethodTypeDesc.of(CD_long, LONG_LAYOUT, CD_long))
        .ladd()
        .loadConstant((long) count * vectors.bytes())
        .invokeinterface(SEGMENT, "asSlice", MethodTypeDesc.of(SEGMENT, CD_long, CD_long))
        .astore(row);
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

  /** Two loops, as for a short sum reading zeros would cost as much as a third of its products. */
  private void store(CodeBuilder code, int[][] sums) {
    code.iload(ACCUMULATE)
        .ifThenElse(add -> store(add, sums, true), set -> store(set, sums, false));
  }

  private void store(CodeBuilder code, int[][] sums, boolean accumulate) {
    for (int[] row : sums) {
      VectorCode.maskAddress(code, C);
      for (int v = 0; v < row.length; v++) {
        if (accumulate) {
          vectors.loadVectorAt(code, C, v);
          code.aload(row[v]);
          vectors.add(code);
        } else {
          code.aload(row[v]);
        }
        vectors.storeVectorAt(code, C, v);
      }
      VectorCode.add(code, C, STRIDE_C);
    }
  }
}
