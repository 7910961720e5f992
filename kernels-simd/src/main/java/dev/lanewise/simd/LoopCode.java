package dev.lanewise.simd;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.lanewise.array.DType;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;

/** Writes the bytecode of single vector operations for one element type. */
final class LoopCode {
  static final ClassDesc SEGMENT = ClassDesc.of("java.lang.foreign.MemorySegment");
  static final ClassDesc BYTE_ORDER = ClassDesc.of("java.nio.ByteOrder");
  private static final ClassDesc LAYOUTS = ClassDesc.of("java.lang.foreign.ValueLayout");
  private static final ClassDesc LANE_NUMBERS = ClassDesc.of("dev.lanewise.simd.LaneNumbers");
  private static final ClassDesc LANES = ClassDesc.of("dev.lanewise.simd.Lanes");
  static final ClassDesc ADDRESSES = ClassDesc.of("dev.lanewise.simd.Addresses");
  private static final ClassDesc FAR_ARGUMENTS = ClassDesc.of("dev.lanewise.simd.FarArguments");
  private static final ClassDesc FOLDS = ClassDesc.of("dev.lanewise.simd.Folds");
  private static final String VECTORS = "jdk.incubator.vector.";
  static final ClassDesc VECTOR = ClassDesc.of(VECTORS + "Vector");
  static final ClassDesc SPECIES = ClassDesc.of(VECTORS + "VectorSpecies");
  static final ClassDesc MASK = ClassDesc.of(VECTORS + "VectorMask");
  private static final ClassDesc SHUFFLE = ClassDesc.of(VECTORS + "VectorShuffle");
  static final ClassDesc OPERATORS = ClassDesc.of(VECTORS + "VectorOperators");
  private static final ClassDesc COMPARISON = ClassDesc.of(VECTORS + "VectorOperators$Comparison");
  private static final ClassDesc BINARY = ClassDesc.of(VECTORS + "VectorOperators$Binary");

  /** An access to memory counts for so many other calls, with its address and its checks. */
  static final int ACCESS_CALLS = 2;

  private final CodeBuilder code;
  private final DType dtype;
  private final boolean single;
  private final ClassDesc vector;
  private final ClassDesc bitsVector;
  private final TypeKind kind;
  private final ClassDesc number;
  private final ClassDesc layout;
  private final ClassDesc bits;

  /** What {@link Lanes} call vectors of bits. */
  private final String bitsName;

  LoopCode(CodeBuilder code, DType dtype) {
    this.code = code;
    this.dtype = dtype;
    this.single = dtype.byteSize() == 4;
    this.bitsVector = ClassDesc.of(VECTORS + (single ? "IntVector" : "LongVector"));
    this.bits = single ? CD_int : CD_long;
    this.bitsName = single ? "I32" : "I64";
    this.kind =
        switch (dtype) {
          case F32 -> TypeKind.FLOAT;
          case F64 -> TypeKind.DOUBLE;
          case I32 -> TypeKind.INT;
          case I64 -> TypeKind.LONG;
          case BOOL, F16, BF16 -> throw new AssertionError(dtype + " is not computed in");
        };
    this.number = kind.upperBound();
    this.layout =
        LAYOUTS.nested(
            switch (dtype) {
              case F32 -> "OfFloat";
              case F64 -> "OfDouble";
              case I32 -> "OfInt";
              case I64 -> "OfLong";
              case BOOL, F16, BF16 -> throw new AssertionError(dtype + " is not computed in");
            });
    this.vector = vector(dtype);
  }

  /** {@return the class of vectors of a type that loops compute in} */
  static ClassDesc vector(DType dtype) {
    return ClassDesc.of(
        VECTORS
            + switch (dtype) {
              case F32 -> "FloatVector";
              case F64 -> "DoubleVector";
              case I32 -> "IntVector";
              case I64 -> "LongVector";
              case BOOL, F16, BF16 -> throw new AssertionError(dtype + " is not computed in");
            });
  }

  /** {@return how many calls of vector methods an instruction is worth in each turn of a loop} */
  static int calls(Ssa.Op op) {
    return switch (op) {
      case PARAM, CONST -> 0;
      case ARG -> ACCESS_CALLS;
      case POW2 -> 6;
      case LOG_EXPONENT -> 9;
      case LOG_MANTISSA, COPY_SIGN -> 9;
      case SIN_FAR, COS_FAR, TAN_FAR -> 5;
      case REMAINDER_FAR -> 6;
      case ADD, SUB, MUL, DIV, MAX, MIN, FMA, NEG, ABS, SQRT -> 1;
      case EQ, NE, LT, LE, GT, GE, BLEND -> 1;
    };
  }

  /** Pushes all of memory. */
  void memory() {
    code.getstatic(ADDRESSES, "ALL", SEGMENT);
  }

  /** Makes the address on the stack positive, so that C2 sees that it needs no check. */
  void positive() {
    code.loadConstant(Addresses.MASK).land();
  }

  /** Pushes {@code ALL.asSlice(address, bytes)}. */
  void slice(int addressLocal, Runnable pushBytes) {
    memory();
    code.lload(addressLocal);
    pushBytes.run();
    code.invokeinterface(SEGMENT, "asSlice", MethodTypeDesc.of(SEGMENT, CD_long, CD_long));
  }

  private void species() {
    code.getstatic(LANES, dtype.name(), SPECIES);
  }

  private void nativeOrder() {
    code.getstatic(ADDRESSES, "ORDER", BYTE_ORDER);
  }

  /** Pushes the elements at a byte offset; {@code maskLocal} is -1 for all lanes. */
  void load(int segmentLocal, Runnable pushOffset, int maskLocal) {
    species();
    code.aload(segmentLocal);
    pushOffset.run();
    nativeOrder();
    if (maskLocal < 0) {
      code.invokestatic(
          vector,
          "fromMemorySegment",
          MethodTypeDesc.of(vector, SPECIES, SEGMENT, CD_long, BYTE_ORDER));
    } else {
      code.aload(maskLocal)
          .invokestatic(
              vector,
              "fromMemorySegment",
              MethodTypeDesc.of(vector, SPECIES, SEGMENT, CD_long, BYTE_ORDER, MASK));
    }
    GeneratedClass.known(code, dtype.name());
  }

  /** Writes a vector to a byte offset; {@code maskLocal} is -1 for all lanes. */
  void store(int vectorLocal, int segmentLocal, Runnable pushOffset, int maskLocal) {
    code.aload(vectorLocal).aload(segmentLocal);
    pushOffset.run();
    nativeOrder();
    if (maskLocal < 0) {
      code.invokevirtual(
          vector, "intoMemorySegment", MethodTypeDesc.of(CD_void, SEGMENT, CD_long, BYTE_ORDER));
    } else {
      code.aload(maskLocal)
          .invokevirtual(
              vector,
              "intoMemorySegment",
              MethodTypeDesc.of(CD_void, SEGMENT, CD_long, BYTE_ORDER, MASK));
    }
  }

  /**
   * Pushes the mask of the lanes whose column is below {@code cols}. The species' own {@code
   * indexInRange} has branches, and costs C2 six times as much where it knows nothing of them.
   */
  void tailMask(int columnLocal, int colsLocal) {
    code.getstatic(LANE_NUMBERS, dtype.name(), vector)
        .getstatic(OPERATORS, "LT", COMPARISON)
        .iload(colsLocal)
        .iload(columnLocal)
        .isub()
        .conversion(TypeKind.INT, kind)
        .invokevirtual(vector, "compare", MethodTypeDesc.of(MASK, COMPARISON, number));
  }

  /** Pushes a vector with the number that {@code pushNumber} pushes in all lanes. */
  void broadcast(Runnable pushNumber) {
    species();
    pushNumber.run();
    code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, number));
  }

  /** Pushes a scalar, given as {@link Ssa#scalarBits}, rounded to the element type. */
  void constant(long scalarBits) {
    double value = Double.longBitsToDouble(scalarBits);
    switch (kind) {
      case FLOAT -> code.loadConstant((float) value);
      case DOUBLE -> code.loadConstant(value);
      case INT -> code.loadConstant((int) scalarBits);
      default -> code.loadConstant(scalarBits);
    }
  }

  /** Pushes a scalar of the call, rounded to the element type. */
  void param(int paramsLocal, int index) {
    code.aload(paramsLocal).loadConstant(index).daload().conversion(TypeKind.DOUBLE, kind);
  }

  /** Pushes one element at a byte offset. */
  void element(int segmentLocal, Runnable pushOffset) {
    code.aload(segmentLocal);
    pushLayout();
    pushOffset.run();
    code.invokeinterface(SEGMENT, "get", MethodTypeDesc.of(number, layout, CD_long));
  }

  /** Pushes the layout of an element. */
  private void pushLayout() {
    code.getstatic(LAYOUTS, "JAVA_" + kind.name(), layout);
  }

  /**
   * Folds the lanes of a vector into one number, as {@link Folds} says, and writes it. Of the last
   * two the second is broadcast: C2 can not rotate vectors of two lanes.
   */
  void combineLanes(Ssa.Op op, int vectorLocal, Runnable pushAddress) {
    int folded = code.allocateLocal(TypeKind.REFERENCE);
    int lanes = Lanes.BITS / Byte.SIZE / dtype.byteSize();
    for (int distance = lanes / 2; distance > 1; distance /= 2) {
      rearrange(FOLDS, dtype.name() + "_" + distance, vectorLocal);
      code.astore(folded);
      combine(op, folded, vectorLocal);
      code.astore(vectorLocal);
    }
    broadcast(() -> lane(vectorLocal, 1));
    code.astore(folded);
    combine(op, folded, vectorLocal);
    code.astore(vectorLocal);
    storeFirst(vectorLocal, pushAddress);
  }

  /** Writes the first lane of a vector to an address. */
  void storeFirst(int vectorLocal, Runnable pushAddress) {
    memory();
    pushLayout();
    pushAddress.run();
    lane(vectorLocal, 0);
    code.invokeinterface(SEGMENT, "set", MethodTypeDesc.of(CD_void, layout, CD_long, number));
  }

  /** Pushes a vector of two lanes with another number in the second. */
  void first(int vectorLocal, long second) {
    code.aload(vectorLocal).iconst_1();
    constant(second);
    code.invokevirtual(vector, "withLane", MethodTypeDesc.of(vector, CD_int, number));
    GeneratedClass.known(code, dtype.name());
  }

  private void lane(int vectorLocal, int lane) {
    code.aload(vectorLocal)
        .loadConstant(lane)
        .invokevirtual(vector, "lane", MethodTypeDesc.of(number, CD_int));
  }

  /** Pushes a vector with its lanes in the order of the shuffle in a field. */
  void rearrange(ClassDesc owner, String shuffle, int x) {
    code.aload(x)
        .getstatic(owner, shuffle, SHUFFLE)
        .invokevirtual(vector, "rearrange", MethodTypeDesc.of(vector, SHUFFLE));
  }

  /** Pushes the vector that an instruction computes from vectors in locals. */
  void operation(Ssa.Instruction i, int[] locals) {
    switch (i.op()) {
      case ADD -> two("add", locals[i.a()], locals[i.b()]);
      case SUB -> two("sub", locals[i.a()], locals[i.b()]);
      case MUL -> two("mul", locals[i.a()], locals[i.b()]);
      case DIV -> two("div", locals[i.a()], locals[i.b()]);
      case MAX -> two("max", locals[i.a()], locals[i.b()]);
      case MIN -> two("min", locals[i.a()], locals[i.b()]);
      case FMA ->
          code.aload(locals[i.a()])
              .aload(locals[i.b()])
              .aload(locals[i.c()])
              .invokevirtual(vector, "fma", MethodTypeDesc.of(vector, VECTOR, VECTOR));
      case NEG -> one("neg", locals[i.a()]);
      case ABS -> one("abs", locals[i.a()]);
      case SQRT -> one("sqrt", locals[i.a()]);
      case EQ, NE, LT, LE, GT, GE ->
          code.aload(locals[i.a()])
              .getstatic(OPERATORS, i.op().name(), COMPARISON)
              .aload(locals[i.b()])
              .invokevirtual(vector, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
      case BLEND ->
          code.aload(locals[i.c()])
              .aload(locals[i.b()])
              .aload(locals[i.a()])
              .invokevirtual(vector, "blend", MethodTypeDesc.of(vector, VECTOR, MASK));
      case POW2 -> pow2(locals[i.a()]);
      case LOG_EXPONENT -> logExponent(locals[i.a()]);
      case LOG_MANTISSA -> logMantissa(locals[i.a()]);
      case COPY_SIGN -> copySign(locals[i.a()], locals[i.b()]);
      case SIN_FAR -> far("sin", i, locals);
      case COS_FAR -> far("cos", i, locals);
      case TAN_FAR -> far("tan", i, locals);
      case REMAINDER_FAR -> far("remainder", i, locals);
      case ARG, PARAM, CONST -> throw new AssertionError(i + " is loaded, not computed");
    }
    if (!i.op().isMask()) {
      GeneratedClass.known(code, dtype.name());
    }
  }

  /** Pushes {@code x} with the lanes of {@code y} where the mask is set. */
  void blend(int x, int y, int mask) {
    operation(new Ssa.Instruction(Ssa.Op.BLEND, 0, 1, 2, 0), new int[] {mask, y, x});
  }

  /** Pushes two vectors combined as a reduction combines them. */
  void combine(Ssa.Op op, int x, int y) {
    operation(new Ssa.Instruction(op, 0, 1, 0, 0), new int[] {x, y});
  }

  private void one(String name, int x) {
    code.aload(x).invokevirtual(vector, name, MethodTypeDesc.of(vector));
  }

  private void two(String name, int x, int y) {
    code.aload(x).aload(y).invokevirtual(vector, name, MethodTypeDesc.of(vector, VECTOR));
  }

  /** The low bits of n + bias are n; shifted into the exponent of 1.0 they make 2ⁿ. */
  private void pow2(int x) {
    toBits(x);
    shift("LSHL", mantissaBits());
    withBits("add", single ? Float.floatToRawIntBits(1) : Double.doubleToRawLongBits(1));
    toNumbers();
  }

  /** Counts the powers of two between x and √½, and turns the count into a number by the bias. */
  private void logExponent(int x) {
    toBits(x);
    withBits("sub", sqrtHalfBits());
    shift("ASHR", mantissaBits());
    double bias = VectorMath.roundingBias(dtype);
    withBits(
        "add", single ? Float.floatToRawIntBits((float) bias) : Double.doubleToRawLongBits(bias));
    toNumbers();
    GeneratedClass.known(code, dtype.name());
    broadcast(() -> constant(Ssa.scalarBits(dtype, bias)));
    code.invokevirtual(vector, "sub", MethodTypeDesc.of(vector, VECTOR));
  }

  /** Takes that count of powers of two off the exponent. */
  private void logMantissa(int x) {
    toBits(x);
    toBits(x);
    withBits("sub", sqrtHalfBits());
    withBits("and", -1L << mantissaBits());
    code.invokevirtual(bitsVector, "sub", MethodTypeDesc.of(bitsVector, VECTOR));
    GeneratedClass.known(code, bitsName);
    toNumbers();
  }

  private void copySign(int size, int sign) {
    long signBit = single ? Integer.MIN_VALUE : Long.MIN_VALUE;
    toBits(size);
    withBits("and", ~signBit);
    toBits(sign);
    withBits("and", signBit);
    code.invokevirtual(bitsVector, "or", MethodTypeDesc.of(bitsVector, VECTOR));
    GeneratedClass.known(code, bitsName);
    toNumbers();
  }

  /** Where a lane is NaN, {@link FarArguments} are asked. */
  private void far(String name, Ssa.Instruction i, int[] locals) {
    int[] operands = i.operands();
    int near = locals[operands[operands.length - 1]];
    Label isNear = code.newLabel();
    Label done = code.newLabel();
    code.aload(near)
        .getstatic(OPERATORS, "NE", COMPARISON)
        .aload(near)
        .invokevirtual(vector, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR))
        .invokevirtual(MASK, "anyTrue", MethodTypeDesc.of(CD_boolean))
        .ifeq(isNear);
    species();
    ClassDesc[] types = new ClassDesc[operands.length];
    Arrays.fill(types, number.arrayType());
    for (int operand : operands) {
      code.aload(locals[operand])
          .invokevirtual(vector, "toArray", MethodTypeDesc.of(number.arrayType()));
    }
    code.invokestatic(FAR_ARGUMENTS, name, MethodTypeDesc.of(number.arrayType(), types))
        .iconst_0()
        .invokestatic(
            vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, number.arrayType(), CD_int))
        .goto_(done)
        .labelBinding(isNear)
        .aload(near)
        .labelBinding(done);
  }

  private int mantissaBits() {
    return single ? 23 : 52;
  }

  private long sqrtHalfBits() {
    return single
        ? Float.floatToRawIntBits((float) Math.sqrt(0.5))
        : Double.doubleToRawLongBits(Math.sqrt(0.5));
  }

  private void toBits(int x) {
    String name = single ? "reinterpretAsInts" : "reinterpretAsLongs";
    code.aload(x).invokevirtual(vector, name, MethodTypeDesc.of(bitsVector));
    GeneratedClass.known(code, bitsName);
  }

  private void toNumbers() {
    String name = single ? "reinterpretAsFloats" : "reinterpretAsDoubles";
    code.invokevirtual(bitsVector, name, MethodTypeDesc.of(vector));
  }

  private void pushBits(long value) {
    if (single) {
      code.loadConstant((int) value);
    } else {
      code.loadConstant(value);
    }
  }

  private void withBits(String name, long value) {
    pushBits(value);
    code.invokevirtual(bitsVector, name, MethodTypeDesc.of(bitsVector, bits));
    GeneratedClass.known(code, bitsName);
  }

  private void shift(String name, int count) {
    code.getstatic(OPERATORS, name, BINARY);
    pushBits(count);
    code.invokevirtual(bitsVector, "lanewise", MethodTypeDesc.of(bitsVector, BINARY, bits));
    GeneratedClass.known(code, bitsName);
  }
}
