package dev.lanewise.simd;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.lanewise.array.DType;
import dev.lanewise.simd.Ssa.Op;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;

/**
 * Compiles a {@link MaxRow} for one type of elements and windows that move by 1 or by 2; with 2,
 * the even elements of two vectors are put together.
 *
 * <p>Places are counted from the window's first element, as numbers of the elements' type, and
 * become integers at the end: so all vectors that come around a loop have one type. There they are
 * arguments of calls and never receivers, as {@link LoopCompiler} explains.
 */
final class MaxRowCode {
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void,
          CD_int.arrayType(),
          CD_int,
          CD_int,
          CD_int,
          CD_long,
          CD_long,
          CD_long,
          CD_int,
          CD_int);

  private static final ClassDesc WINDOW_LANES = ClassDesc.of("dev.lanewise.simd.WindowLanes");
  private static final ClassDesc INTS = ClassDesc.of("jdk.incubator.vector.IntVector");
  private static final ClassDesc CONVERSION =
      ClassDesc.of("jdk.incubator.vector.VectorOperators$Conversion");
  private static final MethodTypeDesc CONVERT =
      MethodTypeDesc.of(LoopCode.VECTOR, CONVERSION, LoopCode.SPECIES, CD_int);
  private static final MethodTypeDesc STORE =
      MethodTypeDesc.of(CD_void, LoopCode.SEGMENT, CD_long, LoopCode.BYTE_ORDER);

  // The slots of the parameters.
  private static final int LINES = 1;
  private static final int COUNT = 2;
  private static final int STEP = 3;
  private static final int SPAN = 4;
  private static final int FROM = 5;
  private static final int TO = 7;
  private static final int PLACES = 9;
  private static final int FIRST = 11;
  private static final int OUTPUTS = 12;

  private final CodeBuilder code;
  private final LoopCode emit;
  private final DType dtype;
  private final boolean single;
  private final int bytes;
  private final int lanes;
  private final int stride;
  private final int memory;
  private final int output;
  private final int line;
  private final int tap;
  private final int distance;
  private final int address;
  private final int value;
  private final int known;
  private final int upper;
  private final int mask;
  private final int stays;
  private final int largest;
  private final int where;
  private final int candidate;
  private final int nothing;

  private MaxRowCode(CodeBuilder code, DType dtype, int stride) {
    this.code = code;
    this.emit = new LoopCode(code, dtype);
    this.dtype = dtype;
    this.single = dtype == DType.F32;
    this.bytes = dtype.byteSize();
    this.lanes = MaxRows.lanes(single);
    this.stride = stride;
    this.output = code.allocateLocal(TypeKind.INT);
    this.line = code.allocateLocal(TypeKind.INT);
    this.tap = code.allocateLocal(TypeKind.INT);
    this.distance = code.allocateLocal(TypeKind.INT);
    this.address = code.allocateLocal(TypeKind.LONG);
    this.memory = code.allocateLocal(TypeKind.REFERENCE);
    this.value = code.allocateLocal(TypeKind.REFERENCE);
    this.known = code.allocateLocal(TypeKind.REFERENCE);
    this.upper = code.allocateLocal(TypeKind.REFERENCE);
    this.mask = code.allocateLocal(TypeKind.REFERENCE);
    this.stays = code.allocateLocal(TypeKind.REFERENCE);
    this.largest = code.allocateLocal(TypeKind.REFERENCE);
    this.where = code.allocateLocal(TypeKind.REFERENCE);
    this.candidate = code.allocateLocal(TypeKind.REFERENCE);
    this.nothing = code.allocateLocal(TypeKind.REFERENCE);
  }

  /**
   * {@return a new kernel}
   *
   * @param dtype the elements' type, {@code F32} or {@code F64}
   * @param stride by how much windows move, 1 or 2
   */
  static MaxRow compile(DType dtype, int stride) {
    return GeneratedClass.define(
        MethodHandles.lookup(),
        MaxRow.class,
        ClassDesc.of("dev.lanewise.simd", "MaxRow_" + dtype + "_by_" + stride),
        type ->
            type.withMethodBody(
                "run",
                RUN,
                0,
                code -> {
                  GeneratedClass.compileByC2Alone(code);
                  new MaxRowCode(code, dtype, stride).method();
                }));
  }

  /** Runs {@code body} with an int from its present value to before another, in some steps. */
  private void loop(int counter, Runnable advance, int end, Runnable body) {
    Label again = code.newBoundLabel();
    Label done = code.newLabel();
    code.iload(counter).iload(end).if_icmpge(done);
    body.run();
    advance.run();
    code.goto_(again).labelBinding(done);
  }

  private void method() {
    emit.memory();
    code.astore(memory);
    // −0 + x is x, also if x is ±0 or NaN: C2 knows the sum's class, whatever it knows of x.
    emit.broadcast(() -> emit.constant(Ssa.scalarBits(dtype, -0.0)));
    code.astore(nothing);
    code.iconst_0().istore(output);
    loop(output, () -> code.iinc(output, lanes), OUTPUTS, this::vectorOfOutputs);
    code.return_();
  }

  private void vectorOfOutputs() {
    code.iconst_0().istore(distance);
    load(largest);
    emit.broadcast(() -> emit.constant(Ssa.scalarBits(dtype, 0)));
    code.astore(where);
    // The first element is the largest so far.
    code.iload(STEP).istore(tap).iconst_0().istore(line);
    loop(line, () -> code.iinc(line, 1).iconst_0().istore(tap), COUNT, this::taps);
    emit.combine(Op.ADD, nothing, largest);
    code.astore(largest);
    emit.store(largest, memory, () -> pushAddress(TO, bytes), -1);
    emit.combine(Op.ADD, nothing, where);
    code.astore(where);
    storePlaces();
  }

  private void taps() {
    loop(tap, () -> code.iload(tap).iload(STEP).iadd().istore(tap), SPAN, this::tap);
  }

  private void tap() {
    code.aload(LINES).iload(line).iaload().aload(LINES).iconst_0().iaload().isub();
    code.iload(tap).iadd().istore(distance);
    load(value);
    emit.combine(Op.ADD, nothing, largest);
    code.astore(known);
    // Not "is larger": a NaN wins, and only the first.
    emit.combine(Op.LE, value, known);
    emit.combine(Op.NE, known, known);
    code.invokevirtual(LoopCode.MASK, "or", MethodTypeDesc.of(LoopCode.MASK, LoopCode.MASK));
    code.astore(stays);
    emit.blend(value, known, stays);
    code.astore(largest);
    emit.broadcast(this::pushDistance);
    code.astore(candidate);
    emit.blend(candidate, where, stays);
    code.astore(where);
  }

  private void pushDistance() {
    code.iload(distance);
    if (single) {
      code.i2f();
    } else {
      code.i2d();
    }
  }

  /** Loads the elements of a vector of windows at a distance from their first. */
  private void load(int target) {
    code.iload(output).loadConstant(stride).imul().iload(distance).iadd();
    code.aload(LINES).iconst_0().iaload().iadd();
    code.i2l().loadConstant((long) bytes).lmul().lload(FROM).ladd().lstore(address);
    emit.load(memory, () -> code.lload(address), -1);
    code.astore(target);
    if (stride == 2) {
      emit.load(memory, () -> code.lload(address).loadConstant((lanes - 1L) * bytes).ladd(), -1);
      code.astore(upper);
      emit.rearrange(WINDOW_LANES, name("LOW"), target);
      code.astore(target);
      emit.rearrange(WINDOW_LANES, name("HIGH"), upper);
      code.astore(upper);
      code.getstatic(WINDOW_LANES, name("UPPER"), LoopCode.MASK).astore(mask);
      emit.blend(target, upper, mask);
      code.astore(target);
    }
  }

  /** The name of a constant in {@link WindowLanes}. */
  private String name(String constant) {
    return (single ? "F32_" : "F64_") + constant;
  }

  /** Turns the distances from the windows' first elements into places, and writes them. */
  private void storePlaces() {
    code.aload(where)
        .getstatic(LoopCode.OPERATORS, single ? "F2I" : "D2I", CONVERSION)
        .getstatic(WINDOW_LANES, name("PLACES"), LoopCode.SPECIES)
        .iconst_0()
        .invokevirtual(LoopCode.VECTOR, "convertShape", CONVERT)
        .checkcast(INTS)
        .loadConstant(stride)
        .invokevirtual(INTS, "addIndex", MethodTypeDesc.of(INTS, CD_int));
    code.iload(FIRST).iload(output).loadConstant(stride).imul().iadd();
    code.invokevirtual(INTS, "add", MethodTypeDesc.of(INTS, CD_int)).astore(value);
    code.aload(value).aload(memory);
    pushAddress(PLACES, Integer.BYTES);
    code.getstatic(LoopCode.ADDRESSES, "ORDER", LoopCode.BYTE_ORDER)
        .invokevirtual(INTS, "intoMemorySegment", STORE);
  }

  private void pushAddress(int base, int size) {
    code.lload(base).iload(output).i2l().loadConstant((long) size).lmul().ladd();
  }
}
