package dev.lanewise.simd.gemm;

import static dev.lanewise.simd.gemm.VectorCode.MASK;
import static dev.lanewise.simd.gemm.VectorCode.SHUFFLE;
import static dev.lanewise.simd.gemm.VectorCode.SPECIES;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.lanewise.simd.GeneratedClass;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;

/**
 * Generates the class of a {@link Transpose}: for each power of two below the number of lanes, rows
 * that far apart exchange the lanes that far apart. That is one permutation and one blend for each
 * row and step; permutations of two inputs would be half as many, but twice as dear with AVX2.
 *
 * <p>The steps within eight rows are done first, and of sixteen rows the last by a second loop,
 * which reads them from the target. All steps of sixteen rows at once are 160 calls of vector
 * methods: more than C2 inlines in every launch.
 */
final class TransposeCode {
  private static final MethodTypeDesc SQUARE =
      MethodTypeDesc.of(CD_void, CD_int, CD_long, CD_long, CD_long, CD_long);

  private static final int GROUP = 8;

  // The slots of the parameters, behind the object.
  private static final int ROWS = 1;
  private static final int FROM = 2;
  private static final int FROM_STRIDE = 4;
  private static final int TO = 6;
  private static final int TO_STRIDE = 8;

  private final int side;
  private final VectorCode vectors;
  private final ClassDesc self;

  private TransposeCode(Element element) {
    this.side = Transpose.side(element.bytes);
    this.vectors = VectorCode.ofBits(element);
    this.self = VectorCode.generated("Transpose" + side + "x" + side + vectors.species());
  }

  /** {@return a new transposer of squares of elements} */
  static Transpose compile(Element element) {
    TransposeCode squares = new TransposeCode(element);
    return GeneratedClass.define(
        MethodHandles.lookup(),
        Transpose.class,
        squares.self,
        type -> {
          squares.constants(type);
          type.withMethodBody("square", SQUARE, 0, squares::square);
        });
  }

  /** A shuffle and a mask for each step, in static final fields of the class: constants to C2. */
  private void constants(ClassBuilder type) {
    int flags = ClassFile.ACC_STATIC | ClassFile.ACC_FINAL;
    for (int step = 1; step < side; step *= 2) {
      type.withField("EXCHANGE_" + step, SHUFFLE, flags);
      type.withField("UPPER_" + step, MASK, flags);
    }
    type.withMethodBody(CLASS_INIT_NAME, MTD_void, ClassFile.ACC_STATIC, this::setConstants);
  }

  private void setConstants(CodeBuilder code) {
    ClassDesc owner = VectorCode.describe(Transpose.class);
    for (int step = 1; step < side; step *= 2) {
      vectors.loadSpecies(code);
      code.loadConstant(step)
          .invokestatic(owner, "exchange", MethodTypeDesc.of(SHUFFLE, SPECIES, CD_int))
          .putstatic(self, "EXCHANGE_" + step, SHUFFLE);
      vectors.loadSpecies(code);
      code.loadConstant(step)
          .invokestatic(owner, "upper", MethodTypeDesc.of(MASK, SPECIES, CD_int))
          .putstatic(self, "UPPER_" + step, MASK);
    }
    code.return_();
  }

  private void square(CodeBuilder code) {
    GeneratedClass.compileByC2Alone(code);
    int rows = Math.min(side, GROUP);
    exchanges(code, 1, rows);
    if (rows < side) {
      exchanges(code, rows, side / rows);
    }
    code.return_();
  }

  /** Does a step, and as many after it as a group's rows can, for each group of rows. */
  private void exchanges(CodeBuilder code, int step, int rows) {
    boolean first = step == 1;
    int[] group = new int[rows];
    for (int r = 0; r < group.length; r++) {
      group[r] = code.allocateLocal(TypeKind.REFERENCE);
    }
    // From one row of a group to the next; the groups of later steps interleave.
    int stride = code.allocateLocal(TypeKind.LONG);
    int row = code.allocateLocal(TypeKind.LONG);
    int at = code.allocateLocal(TypeKind.LONG);
    int read = code.allocateLocal(TypeKind.INT);
    int turn = code.allocateLocal(TypeKind.INT);
    code.lload(TO_STRIDE).loadConstant((long) step).lmul().lstore(stride);
    code.lload(TO).lstore(row).iconst_0().istore(read).iconst_0().istore(turn);
    Label again = code.newBoundLabel();
    code.lload(row).lstore(at);
    for (int local : group) {
      if (first) {
        loadRow(code, read);
      } else {
        VectorCode.maskAddress(code, at);
        vectors.loadVectorAt(code, at, 0);
        VectorCode.add(code, at, stride);
      }
      code.astore(local);
    }
    for (int distance = 1; distance < group.length; distance *= 2) {
      for (int r = 0; r < group.length; r++) {
        if ((r & distance) == 0) {
          exchange(code, group[r], group[r + distance], step * distance);
        }
      }
    }
    code.lload(row).lstore(at);
    for (int local : group) {
      VectorCode.maskAddress(code, at);
      code.aload(local);
      vectors.storeVectorAt(code, at, 0);
      VectorCode.add(code, at, stride);
    }
    code.lload(row)
        .lload(TO_STRIDE)
        .loadConstant(first ? (long) group.length : 1L)
        .lmul()
        .ladd()
        .lstore(row);
    code.iinc(turn, 1).iload(turn).loadConstant(side / group.length).if_icmplt(again);
  }

  /** Pushes the next row, or the last one again; {@code read} counts them. */
  private void loadRow(CodeBuilder code, int read) {
    VectorCode.maskAddress(code, FROM);
    vectors.loadVectorAt(code, FROM, 0);
    code.iinc(read, 1)
        .iload(read)
        .iload(ROWS)
        .isub()
        .ifThen(Opcode.IFLT, there -> VectorCode.add(there, FROM, FROM_STRIDE));
  }

  private void exchange(CodeBuilder code, int low, int high, int step) {
    code.aload(low);
    vectors.rearrange(code, self, "EXCHANGE_" + step);
    code.aload(high);
    vectors.blend(code, self, "UPPER_" + step);
    code.aload(low).aload(high);
    vectors.rearrange(code, self, "EXCHANGE_" + step);
    vectors.blend(code, self, "UPPER_" + step);
    code.astore(low).astore(high);
  }
}
