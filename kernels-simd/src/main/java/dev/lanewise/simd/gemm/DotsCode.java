package dev.lanewise.simd.gemm;

import static dev.lanewise.simd.gemm.VectorCode.MASK;
import static dev.lanewise.simd.gemm.VectorCode.SPECIES;
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

/**
 * Generates the class of a {@link DotsKernel}, one static method for each number of rows: a sum in
 * a vector for each row, over whole vectors and then the rest under a mask.
 */
final class DotsCode {
  private static final MethodTypeDesc SIGNATURE =
      MethodTypeDesc.of(CD_void, CD_int, CD_long, CD_long, CD_long, CD_long);

  // The slots of the parameters.
  private static final int K = 0;
  private static final int A = 1;
  private static final int STRIDE_A = 3;
  private static final int X = 5;
  private static final int SUMS = 7;

  private final int lanes;
  private final VectorCode vectors;

  private DotsCode(Blocking blocking) {
    this.lanes = blocking.lanes();
    this.vectors = VectorCode.of(blocking.element());
  }

  /**
   * {@return a new kernel for a blocking}
   *
   * @param blocking the blocking, of the vector width in use
   */
  static DotsKernel compile(Blocking blocking) {
    DotsCode dots = new DotsCode(blocking);
    ClassDesc self = VectorCode.generated("Dots" + blocking.rows() + "x" + blocking.lanes());
    return GeneratedClass.define(
        MethodHandles.lookup(),
        DotsKernel.class,
        self,
        type -> VectorCode.family(type, self, "run", SIGNATURE, 1, blocking.rows(), dots::run));
  }

  private void run(CodeBuilder code, int rows) {
    int[] sums = vectors.zeros(code, 1, rows)[0];
    int[] starts = TileCode.rowStarts(code, A, STRIDE_A, rows);
    VectorCode.maskAddress(code, X);
    int turn = code.allocateLocal(TypeKind.INT);
    int turns = code.allocateLocal(TypeKind.INT);
    int offset = code.allocateLocal(TypeKind.LONG);
    code.iload(K).loadConstant(lanes).idiv().istore(turns);
    code.iconst_0().istore(turn).lconst_0().lstore(offset);
    Label loop = code.newBoundLabel();
    Label done = code.newLabel();
    code.iload(turn).iload(turns).if_icmpge(done);
    addProducts(code, sums, starts, offset, -1);
    TileCode.advance(code, offset, vectors.bytes());
    code.iinc(turn, 1).goto_(loop).labelBinding(done);
    Label whole = code.newLabel();
    code.iload(K).loadConstant(lanes).irem().ifeq(whole);
    int mask = code.allocateLocal(TypeKind.REFERENCE);
    vectors.loadSpecies(code);
    code.iconst_0()
        .iload(K)
        .loadConstant(lanes)
        .irem()
        .invokeinterface(SPECIES, "indexInRange", MethodTypeDesc.of(MASK, CD_int, CD_int))
        .astore(mask);
    addProducts(code, sums, starts, offset, mask);
    code.labelBinding(whole);
    VectorCode.maskAddress(code, SUMS);
    if (lanes == 2) {
      sumTwoLanes(code, sums);
    } else {
      int[] totals = sumLanes(code, sums);
      for (int i = 0; i < totals.length; i++) {
        code.aload(totals[i]);
        vectors.storeVectorAt(code, SUMS, i);
      }
    }
    code.return_();
  }

  /** C2 neither shuffles vectors of two lanes nor has masks of two: each total is a scalar. */
  private void sumTwoLanes(CodeBuilder code, int[] sums) {
    long bytes = vectors.bytes() / lanes;
    for (int r = 0; r < sums.length; r++) {
      VectorCode.loadMemory(code);
      vectors.loadLayout(code);
      code.lload(SUMS).loadConstant(r * bytes).ladd();
      vectors.lane(code, sums[r], 0);
      vectors.lane(code, sums[r], 1);
      code.dadd();
      vectors.storeScalar(code);
    }
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

  /** The lanes of each vector added up, and the totals side by side. */
  private int[] sumLanes(CodeBuilder code, int[] sums) {
    int[] parts = sums;
    for (int count = lanes; count > 1; count /= 2) {
      int[] halves = new int[(parts.length + 1) / 2];
      for (int i = 0; i < halves.length; i++) {
        halves[i] = code.allocateLocal(TypeKind.REFERENCE);
        int low = parts[2 * i];
        int high = parts[Math.min(2 * i + 1, parts.length - 1)];
        everyOther(code, low, high, "_EVEN");
        everyOther(code, low, high, "_ODD");
        vectors.add(code);
        code.astore(halves[i]);
      }
      parts = halves;
    }
    return parts;
  }

  private void everyOther(CodeBuilder code, int low, int high, String which) {
    ClassDesc constants = VectorCode.describe(LaneSums.class);
    for (int from : new int[] {low, high}) {
      code.aload(from);
      vectors.rearrange(code, constants, vectors.species() + which);
    }
    vectors.blend(code, constants, vectors.species() + "_UPPER");
  }
}
