package dev.lanewise.simd;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.lanewise.array.DType;
import dev.lanewise.kernel.ReduceOp;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Compiles a loop body into a hidden class with one straight-line loop over rows and columns: the
 * arguments' vectors are loaded, the body's instructions follow one another, the results are
 * written or combined. The last, partial vector of a row runs the same instructions under a mask,
 * so where a row is split changes no bit.
 */
final class LoopCompiler {
  /** How many vectors a reduction works on at a time: an add takes 4 cycles, 2 start each cycle. */
  private static final int ACCUMULATORS = 4;

  /**
   * A longer body is not repeated: it takes longer than the addition that it waits for, and the JIT
   * stops inlining in large loops, which then allocate a box for each vector.
   */
  private static final int LONGEST_REPEATED = 12;

  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, CD_long.arrayType(), CD_double.arrayType(), CD_int, CD_int);
  private static final int POINTERS = 1;
  private static final int PARAMS = 2;
  private static final int ROWS = 3;
  private static final int COLS = 4;

  /**
   * What to compile.
   *
   * @param form what the loop does with the values
   * @param body how the values are computed
   * @param rowConstant for each argument, whether it has one element a row instead of one a column
   * @param op how values are combined; null for {@link Form#MAP}
   */
  record Plan(Form form, Lowering.Body body, boolean[] rowConstant, ReduceOp op) {
    int inputs() {
      return rowConstant.length;
    }

    int outputs() {
      return body.results().length;
    }

    int lanes() {
      return Lanes.BITS / Byte.SIZE / body.ssa().dtype().byteSize();
    }

    /** {@return how a reduction combines two values} */
    Ssa.Op combining() {
      return switch (op) {
        case SUM -> Ssa.Op.ADD;
        case PROD -> Ssa.Op.MUL;
        case MAX -> Ssa.Op.MAX;
        case MIN -> Ssa.Op.MIN;
      };
    }

    /** {@return the value that changes nothing in a reduction, as {@link Ssa#scalarBits}} */
    long identityBits() {
      DType dtype = body.ssa().dtype();
      return dtype.isInteger() ? op.identity(dtype) : Ssa.scalarBits(dtype, op.identity());
    }

    /**
     * {@return whether the loop is better interpreted than compiled} C2 has no masks of two lanes,
     * and makes an object for each; nor have processors an instruction that divides integers.
     */
    boolean isForBlocks() {
      return lanes() == 2 && body.ssa().hasMasks() || body.ssa().dividesIntegers();
    }

    /** {@return how many vectors a reduction works on at a time} */
    int repeats() {
      return body.ssa().size() <= LONGEST_REPEATED ? ACCUMULATORS : 1;
    }
  }

  /** Whether the processor can load some lanes of a vector, and nothing else of memory. */
  private static final boolean MASKED_LOADS =
      List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));

  private final Plan plan;
  private final boolean maskedLoads;
  private final CodeBuilder code;
  private final LoopCode emit;
  private final int bytes;
  private final int lanes;
  private final int memory;

  /** Where each array begins, and where its present row does. */
  private final int[] starts;

  private final int[] strides;
  private final int[] rowStarts;
  private final int[] locals;
  private final int row;
  private final int column;

  private LoopCompiler(Plan plan, boolean maskedLoads, CodeBuilder code) {
    this.plan = plan;
    this.maskedLoads = maskedLoads;
    this.code = code;
    DType dtype = plan.body.ssa().dtype();
    this.emit = new LoopCode(code, dtype);
    this.bytes = dtype.byteSize();
    this.lanes = plan.lanes();
    int arrays = plan.inputs() + plan.outputs();
    this.memory = code.allocateLocal(TypeKind.REFERENCE);
    this.starts = allocate(arrays, TypeKind.LONG);
    this.strides = allocate(arrays, TypeKind.LONG);
    this.rowStarts = allocate(arrays, TypeKind.LONG);
    this.locals = allocate(plan.body.ssa().size(), TypeKind.REFERENCE);
    this.row = code.allocateLocal(TypeKind.INT);
    this.column = code.allocateLocal(TypeKind.INT);
  }

  private int[] allocate(int count, TypeKind kind) {
    int[] slots = new int[count];
    Arrays.setAll(slots, i -> code.allocateLocal(kind));
    return slots;
  }

  /** {@return the compiled loop} */
  static LoopKernel compile(Plan plan, String name) {
    return compile(plan, name, MASKED_LOADS);
  }

  /** {@return the compiled loop for processors with or without masked loads} */
  static LoopKernel compile(Plan plan, String name, boolean maskedLoads) {
    assert !plan.body.ssa().dividesIntegers() : "only blocks divide integers";
    return GeneratedClass.define(
        MethodHandles.lookup(),
        LoopKernel.class,
        ClassDesc.of("dev.lanewise.simd", name),
        type ->
            type.withMethodBody(
                "run",
                RUN,
                0,
                code -> {
                  GeneratedClass.compileByC2Alone(code);
                  returnIfNoRows(code);
                  new LoopCompiler(plan, maskedLoads, code).method();
                }));
  }

  /** Lets {@link LoopWarmUp} make the many calls that the JIT waits for without their work. */
  private static void returnIfNoRows(CodeBuilder code) {
    Label work = code.newLabel();
    code.iload(ROWS).ifne(work).return_().labelBinding(work);
  }

  private void method() {
    prologue();
    switch (plan.form) {
      case MAP -> map();
      case ROW -> reduceRows();
      case COLUMN -> reduceColumns();
    }
    code.return_();
  }

  /**
   * Loads addresses, strides, constants and scalars. Memory is not sliced: C2 left some launches'
   * slices on the heap, and a masked load at the end of one asks for a second mask.
   */
  private void prologue() {
    emit.memory();
    code.astore(memory);
    for (int i = 0; i < starts.length; i++) {
      code.aload(POINTERS).loadConstant(2 * i + 1).laload().lstore(strides[i]);
      code.aload(POINTERS).loadConstant(2 * i).laload();
      emit.positive();
      code.lstore(starts[i]);
    }
    List<Ssa.Instruction> body = plan.body.ssa().code();
    for (int i = 0; i < body.size(); i++) {
      Ssa.Instruction in = body.get(i);
      if (in.op() == Ssa.Op.CONST) {
        emit.broadcast(() -> emit.constant(in.valueBits()));
        code.astore(locals[i]);
      } else if (in.op() == Ssa.Op.PARAM) {
        emit.broadcast(() -> emit.param(PARAMS, in.a()));
        code.astore(locals[i]);
      }
    }
  }

  /** Runs {@code body} with {@link #row} from 0 to the last. */
  private void eachRow(Runnable body) {
    Label again = code.newLabel();
    Label done = code.newLabel();
    code.iconst_0().istore(row).labelBinding(again);
    code.iload(row).iload(ROWS).if_icmpge(done);
    body.run();
    code.iinc(row, 1).goto_(again).labelBinding(done);
  }

  /** Runs {@code body} from the present {@link #column} for each whole step of {@code vectors}. */
  private void eachWhole(int vectors, Runnable body) {
    Label again = code.newLabel();
    Label done = code.newLabel();
    int bound = code.allocateLocal(TypeKind.INT);
    code.iload(COLS).loadConstant(-vectors * lanes).iand().istore(bound).labelBinding(again);
    code.iload(column).iload(bound).if_icmpge(done);
    body.run();
    code.iinc(column, vectors * lanes).goto_(again).labelBinding(done);
  }

  /** Runs {@code body} once if columns are left, with their mask in a local. */
  private void rest(IntConsumer body) {
    Label done = code.newLabel();
    int mask = code.allocateLocal(TypeKind.REFERENCE);
    code.iload(column).iload(COLS).if_icmpge(done);
    loadMask(mask);
    body.accept(mask);
    code.labelBinding(done);
  }

  private void loadMask(int mask) {
    emit.tailMask(column, COLS);
    code.astore(mask);
  }

  private void rowStart(int array) {
    code.lload(starts[array]).iload(row).i2l().lload(strides[array]).lmul().ladd();
    emit.positive();
    code.lstore(rowStarts[array]);
  }

  /** Computes where the row lies in each input, and loads the arguments with one element a row. */
  private void beginRow() {
    for (int i = 0; i < plan.inputs(); i++) {
      rowStart(i);
    }
    List<Ssa.Instruction> body = plan.body.ssa().code();
    for (int i = 0; i < body.size(); i++) {
      Ssa.Instruction in = body.get(i);
      if (in.op() == Ssa.Op.ARG && plan.rowConstant[in.a()]) {
        emit.broadcast(() -> emit.element(memory, () -> code.lload(rowStarts[in.a()])));
        code.astore(locals[i]);
      }
    }
  }

  /** Pushes the address of the present column, plus some whole vectors, of a row. */
  private void pushAddress(int start, int vector) {
    code.lload(start);
    pushColumnBytes(vector);
    code.ladd();
  }

  private void pushColumnBytes(int vector) {
    code.iload(column);
    if (vector > 0) {
      code.loadConstant(vector * lanes).iadd();
    }
    code.i2l().loadConstant((long) bytes).lmul();
  }

  /** Computes the body's values for one vector of columns; {@code mask} is -1 for all lanes. */
  private void values(int vector, int mask) {
    List<Ssa.Instruction> body = plan.body.ssa().code();
    for (int i = 0; i < body.size(); i++) {
      Ssa.Instruction in = body.get(i);
      if (in.op().operands() > 0) {
        emit.operation(in, locals);
        code.astore(locals[i]);
      } else if (in.op() == Ssa.Op.ARG && !plan.rowConstant[in.a()]) {
        load(rowStarts[in.a()], vector, mask);
        code.astore(locals[i]);
      }
    }
  }

  /**
   * Pushes a vector of a row; {@code mask} is -1 for all lanes. Where there are no masked loads, C2
   * reads a whole vector whose end lies inside of its segment, and of all memory it does: there a
   * slice ends with the row.
   */
  private void load(int start, int vector, int mask) {
    if (mask < 0 || maskedLoads) {
      emit.load(memory, () -> pushAddress(start, vector), mask);
      return;
    }
    int address = code.allocateLocal(TypeKind.LONG);
    int slice = code.allocateLocal(TypeKind.REFERENCE);
    pushAddress(start, vector);
    code.lstore(address);
    emit.slice(
        address,
        () -> code.iload(COLS).iload(column).isub().i2l().loadConstant((long) bytes).lmul());
    code.astore(slice);
    emit.load(slice, code::lconst_0, mask);
  }

  private void map() {
    eachRow(
        () -> {
          beginRow();
          for (int i = 0; i < plan.outputs(); i++) {
            rowStart(plan.inputs() + i);
          }
          code.iconst_0().istore(column);
          eachWhole(1, () -> mapVector(-1));
          rest(this::mapVector);
        });
  }

  private void mapVector(int mask) {
    values(0, mask);
    // All loads come before the first store, so an output may be one of the inputs.
    for (int i = 0; i < plan.outputs(); i++) {
      int out = plan.inputs() + i;
      int value = locals[plan.body.results()[i]];
      emit.store(value, memory, () -> pushAddress(rowStarts[out], 0), mask);
    }
  }

  private int result() {
    return locals[plan.body.results()[0]];
  }

  private void reset(int[] accumulators) {
    for (int a : accumulators) {
      emit.broadcast(() -> emit.constant(plan.identityBits()));
      code.astore(a);
    }
  }

  /**
   * Combines a value into an accumulator. The value is the receiver of the call: C2 knows its
   * class, while of an accumulator, which comes around the loop, it knows only that it is some
   * vector. With the accumulator as receiver one launch in four kept a virtual call in the loop, 20
   * times slower.
   */
  private void accumulate(int accumulator, int value) {
    emit.combine(plan.combining(), value, accumulator);
    code.astore(accumulator);
  }

  /**
   * Loads the value that changes nothing; an accumulator combined with it has a known class again.
   */
  private int identity() {
    int identity = code.allocateLocal(TypeKind.REFERENCE);
    reset(new int[] {identity});
    return identity;
  }

  private void reduceRows() {
    int[] sums = allocate(plan.repeats(), TypeKind.REFERENCE);
    int identity = identity();
    int last = code.allocateLocal(TypeKind.REFERENCE);
    int out = plan.inputs();
    eachRow(
        () -> {
          beginRow();
          rowStart(out);
          reset(sums);
          code.iconst_0().istore(column);
          if (sums.length > 1) {
            eachWhole(
                sums.length,
                () -> {
                  for (int v = 0; v < sums.length; v++) {
                    values(v, -1);
                    accumulate(sums[v], result());
                  }
                });
          }
          eachWhole(
              1,
              () -> {
                values(0, -1);
                accumulate(sums[0], result());
              });
          rest(
              mask -> {
                values(0, mask);
                // Lanes past the end count for nothing.
                emit.blend(identity, result(), mask);
                code.astore(last);
                accumulate(sums[0], last);
              });
          accumulate(sums[0], identity);
          for (int v = 1; v < sums.length; v++) {
            accumulate(sums[v], sums[0]);
            code.aload(sums[v]).astore(sums[0]);
          }
          emit.combineLanes(plan.combining(), sums[0], () -> code.lload(rowStarts[out]));
        });
  }

  private void reduceColumns() {
    int[] sums = allocate(plan.repeats(), TypeKind.REFERENCE);
    int identity = identity();
    code.iconst_0().istore(column);
    if (sums.length > 1) {
      eachWhole(sums.length, () -> columnBlock(sums, identity, -1));
    }
    int[] one = {sums[0]};
    eachWhole(1, () -> columnBlock(one, identity, -1));
    rest(mask -> columnBlock(one, identity, mask));
  }

  private void columnBlock(int[] sums, int identity, int mask) {
    reset(sums);
    eachRow(
        () -> {
          beginRow();
          if (mask >= 0) {
            loadMask(mask); // a mask made before the loop is boxed in each turn
          }
          for (int v = 0; v < sums.length; v++) {
            values(v, mask);
            accumulate(sums[v], result());
          }
        });
    if (mask >= 0) {
      loadMask(mask);
    }
    int out = plan.inputs();
    for (int v = 0; v < sums.length; v++) {
      int vector = v;
      accumulate(sums[v], identity);
      emit.store(sums[v], memory, () -> pushAddress(starts[out], vector), mask);
    }
  }
}
