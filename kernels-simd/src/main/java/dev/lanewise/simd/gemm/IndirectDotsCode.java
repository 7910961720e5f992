package dev.lanewise.simd.gemm;

import static dev.lanewise.simd.gemm.VectorCode.MASK;
import static dev.lanewise.simd.gemm.VectorCode.SPECIES;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.lanewise.simd.GeneratedClass;
import dev.lanewise.simd.Lanes;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;

/** Generates the class of an {@link IndirectDots}, one static method for each number of rows. */
final class IndirectDotsCode {
  private static final MethodTypeDesc SIGNATURE =
      MethodTypeDesc.of(
          CD_void,
          CD_int,
          CD_int,
          CD_long,
          IndirectTileCode.OFFSETS,
          CD_int,
          CD_long,
          CD_long,
          CD_long,
          CD_long);

  // The slots of the parameters.
  private static final int LINES = 0;
  private static final int COUNT = 1;
  private static final int A = 2;
  private static final int ROWS_OF_A = 4;
  private static final int FIRST_OF_A = 5;
  private static final int STRIDE_A = 6;
  private static final int X = 8;
  private static final int STRIDE_X = 10;
  private static final int SUMS = 12;

  private final VectorCode vectors;
  private final int lanes;

  private IndirectDotsCode(Element element) {
    this.vectors = VectorCode.of(element);
    this.lanes = vectors.bytes() / element.bytes;
  }

  /** {@return a new kernel} */
  static IndirectDots compile(Element element) {
    IndirectDotsCode dots = new IndirectDotsCode(element);
    ClassDesc self = VectorCode.generated("IndirectDots" + Lanes.BITS + element);
    return GeneratedClass.define(
        MethodHandles.lookup(),
        IndirectDots.class,
        self,
        type -> VectorCode.family(type, self, "run", SIGNATURE, 1, IndirectDots.ROWS, dots::dots));
  }

  private void dots(CodeBuilder code, int rows) {
    VectorCode.maskAddress(code, SUMS);
    VectorCode.maskAddress(code, X);
    int[] sums = new int[rows];
    for (int r = 0; r < rows; r++) {
      sums[r] = code.allocateLocal(TypeKind.REFERENCE);
      vectors.loadVectorAt(code, SUMS, r);
      code.astore(sums[r]);
    }
    int[] starts = IndirectTileCode.rowStarts(code, A, ROWS_OF_A, FIRST_OF_A, rows);
    int offset = code.allocateLocal(TypeKind.LONG);
    int column = code.allocateLocal(TypeKind.INT);
    int bound = code.allocateLocal(TypeKind.INT);
    int mask = code.allocateLocal(TypeKind.REFERENCE);
    code.iload(COUNT).loadConstant(-lanes).iand().istore(bound);
    Label line = code.newBoundLabel();
    Label done = code.newLabel();
    code.iload(LINES).ifle(done);
    code.lconst_0().lstore(offset).iconst_0().istore(column);
    Label loop = code.newBoundLabel();
    Label rest = code.newLabel();
    code.iload(column).iload(bound).if_icmpge(rest);
    addProducts(code, sums, starts, offset, -1);
    TileCode.advance(code, offset, vectors.bytes());
    code.iinc(column, lanes).goto_(loop).labelBinding(rest);
    Label next = code.newLabel();
    code.iload(column).iload(COUNT).if_icmpge(next);
    vectors.loadSpecies(code);
    code.iload(column)
        .iload(COUNT)
        .invokeinterface(SPECIES, "indexInRange", MethodTypeDesc.of(MASK, CD_int, CD_int))
        .astore(mask);
    addProducts(code, sums, starts, offset, mask);
    code.labelBinding(next);
    for (int start : starts) {
      VectorCode.add(code, start, STRIDE_A);
      VectorCode.maskAddress(code, start);
    }
    VectorCode.add(code, X, STRIDE_X);
    VectorCode.maskAddress(code, X);
    code.iinc(LINES, -1).goto_(line).labelBinding(done);
    for (int r = 0; r < rows; r++) {
      code.aload(sums[r]);
      vectors.storeVectorAt(code, SUMS, r);
    }
    code.return_();
  }

  private void addProducts(CodeBuilder code, int[] sums, int[] starts, int offset, int mask) {
    int factor = code.allocateLocal(TypeKind.REFERENCE);
    load(code, X, offset, mask);
    code.astore(factor);
    for (int r = 0; r < sums.length; r++) {
      load(code, starts[r], offset, mask);
      code.aload(factor).aload(sums[r]);
      vectors.fma(code);
      code.astore(sums[r]);
    }
  }

  private void load(CodeBuilder code, int address, int offset, int mask) {
    vectors.loadSpecies(code);
    VectorCode.loadMemory(code);
    code.lload(address).lload(offset).ladd();
    if (mask < 0) {
      vectors.loadVector(code);
    } else {
      vectors.loadVector(code, mask);
    }
  }
}
