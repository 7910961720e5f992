package dev.lanewise.simd;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Compiles a loop body into a hidden class with one straight-line loop over rows and columns: the
 * arguments' vectors are loaded, the body's instructions follow one another, the results are
 * written or combined. The last, partial vector of a row runs the same instructions under a mask,
 * so where a row is split changes no bit.
 */
final class LoopCompiler {
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, CD_long.arrayType(), CD_double.arrayType(), CD_int, CD_int);
  private static final String REST = "rest";

  /** In place of a mask: all lanes. */
  private static final int ALL = -1;

  /** In place of a mask: the first of two lanes, of which there are no masks. */
  private static final int ONE = -2;

  private static final int POINTERS = 1;
  private static final int PARAMS = 2;
  private static final int ROWS = 3;
  private static final int COLS = 4;

  /** Whether the processor can load some lanes of a vector, and nothing else of memory. */
  static final boolean MASKED_LOADS =
      List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));

  private final LoopSpec loop;
  private final ClassDesc self;
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

  /** The value that changes nothing in a reduction. */
  private final int identity;

  private LoopCompiler(LoopSpec loop, boolean maskedLoads, ClassDesc self, CodeBuilder code) {
    this.loop = loop;
    this.self = self;
    this.maskedLoads = maskedLoads;
    this.code = code;
    this.emit = new LoopCode(code, loop.dtype());
    this.bytes = loop.dtype().byteSize();
    this.lanes = loop.lanes();
    int arrays = loop.inputs() + loop.outputs();
    this.memory = code.allocateLocal(TypeKind.REFERENCE);
    this.starts = allocate(arrays, TypeKind.LONG);
    this.strides = allocate(arrays, TypeKind.LONG);
    this.rowStarts = allocate(arrays, TypeKind.LONG);
    this.locals = allocate(body().size(), TypeKind.REFERENCE);
    this.row = code.allocateLocal(TypeKind.INT);
    this.column = code.allocateLocal(TypeKind.INT);
    this.identity = code.allocateLocal(TypeKind.REFERENCE);
  }

  private List<Ssa.Instruction> body() {
    return loop.body().ssa().code();
  }

  private int[] allocate(int count, TypeKind kind) {
    int[] slots = new int[count];
    Arrays.setAll(slots, i -> code.allocateLocal(kind));
    return slots;
  }

  /** {@return the compiled loop, which is short, for processors with or without masked loads} */
  static LoopKernel compile(LoopSpec loop, String name, boolean maskedLoads) {
    assert !loop.body().ssa().dividesIntegers() : "only blocks divide integers";
    ClassDesc self = ClassDesc.of("dev.lanewise.simd", name);
    return GeneratedClass.define(
        MethodHandles.lookup(),
        LoopKernel.class,
        self,
        type -> {
          constants(type, loop.body().ssa(), self);
          boolean inTwo = loop.form() == Form.MAP && !loop.fits(2);
          method(
              type,
              "run",
              code -> {
                if (inTwo) {
                  callRest(loop, self, code);
                }
                returnIfNoRows(code);
                new LoopCompiler(loop, maskedLoads, self, code).run(inTwo);
              });
          if (inTwo) {
            method(
                type,
                REST,
                code -> {
                  returnIfNoRows(code);
                  new LoopCompiler(loop, maskedLoads, self, code).rest();
                });
          }
        });
  }

  private static void method(ClassBuilder type, String name, Consumer<CodeBuilder> body) {
    type.withMethodBody(
        name,
        RUN,
        0,
        code -> {
          GeneratedClass.compileByC2Alone(code);
          body.accept(code);
        });
  }

  /** Has the last, partial vectors of rows computed by a method of their own, and it warmed up. */
  private static void callRest(LoopSpec loop, ClassDesc self, CodeBuilder code) {
    Label call = code.newLabel();
    Label none = code.newLabel();
    code.iload(ROWS).ifeq(call);
    code.iload(COLS).loadConstant(loop.lanes() - 1).iand().ifeq(none).labelBinding(call);
    code.aload(0).aload(POINTERS).aload(PARAMS).iload(ROWS).iload(COLS);
    code.invokevirtual(self, REST, RUN).labelBinding(none);
  }

  /**
   * Gives the class its constants, each in all lanes of a vector. C2 reads them as it reads other
   * constants; broadcast by the method, they would be a third of its calls.
   */
  private static void constants(ClassBuilder type, Ssa ssa, ClassDesc self) {
    ClassDesc vector = LoopCode.vector(ssa.dtype());
    for (int i = 0; i < ssa.size(); i++) {
      if (ssa.code().get(i).op() == Ssa.Op.CONST) {
        type.withField(constant(i), vector, ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
      }
    }
    type.withMethodBody(
        CLASS_INIT_NAME,
        MTD_void,
        ClassFile.ACC_STATIC,
        code -> {
          LoopCode emit = new LoopCode(code, ssa.dtype());
          for (int i = 0; i < ssa.size(); i++) {
            Ssa.Instruction in = ssa.code().get(i);
            if (in.op() == Ssa.Op.CONST) {
              emit.broadcast(() -> emit.constant(in.valueBits()));
              code.putstatic(self, constant(i), vector);
            }
          }
          code.return_();
        });
  }

  private static String constant(int instruction) {
    return "constant" + instruction;
  }

  /** Lets {@link LoopWarmUp} make the many calls that the JIT waits for without their work. */
  private static void returnIfNoRows(CodeBuilder code) {
    Label work = code.newLabel();
    code.iload(ROWS).ifne(work).return_().labelBinding(work);
  }

  private void run(boolean wholeOnly) {
    prologue();
    switch (loop.form()) {
      case MAP -> map(wholeOnly);
      case ROW -> reduceRows();
      case COLUMN -> reduceColumns();
    }
    code.return_();
  }

  private void rest() {
    prologue();
    eachRow(
        () -> {
          beginRow();
          code.iload(COLS).loadConstant(-lanes).iand().istore(column);
          mapVector(partMask());
        });
    code.return_();
  }

  /**
   * Loads addresses, strides, constants and scalars. Memory is not sliced, but where {@link #load}
   * has to: C2 left some launches' slices on the heap, and a masked load at the end of one asks for
   * a second mask.
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
    for (int i = 0; i < locals.length; i++) {
      Ssa.Instruction in = body().get(i);
      if (in.op() == Ssa.Op.CONST) {
        code.getstatic(self, constant(i), LoopCode.vector(loop.dtype())).astore(locals[i]);
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

  /**
   * Runs {@code body} from the present {@link #column} for each vector, the last of which may be
   * partial.
   */
  private void eachVector(Runnable body) {
    Label again = code.newLabel();
    Label done = code.newLabel();
    code.labelBinding(again).iload(column).iload(COLS).if_icmpge(done);
    body.run();
    code.iinc(column, lanes).goto_(again).labelBinding(done);
  }

  /**
   * Runs {@code body} with {@link #ALL} where a whole vector of columns is left, else with their
   * mask's local or {@link #ONE}.
   */
  private void wholeOrPart(IntConsumer body) {
    Label part = code.newLabel();
    Label done = code.newLabel();
    code.iload(COLS).iload(column).isub().loadConstant(lanes).if_icmplt(part);
    body.accept(ALL);
    code.goto_(done).labelBinding(part);
    body.accept(partMask());
    code.labelBinding(done);
  }

  /**
   * {@return the local of a mask of the columns that are left, or {@link #ONE}}; a mask made
   * earlier is boxed in each turn
   */
  private int partMask() {
    if (!Lanes.hasMasks(bytes)) {
      return ONE;
    }
    int mask = code.allocateLocal(TypeKind.REFERENCE);
    emit.tailMask(column, COLS);
    code.astore(mask);
    return mask;
  }

  private void rowStart(int array) {
    code.lload(starts[array]).iload(row).i2l().lload(strides[array]).lmul().ladd();
    emit.positive();
    code.lstore(rowStarts[array]);
  }

  /** Computes where the row lies in each array, and loads the arguments with one element a row. */
  private void beginRow() {
    for (int i = 0; i < rowStarts.length; i++) {
      rowStart(i);
    }
    for (int i = 0; i < locals.length; i++) {
      Ssa.Instruction in = body().get(i);
      if (in.op() == Ssa.Op.ARG && loop.rowConstant()[in.a()]) {
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

  /** Loads a vector of columns of each argument. */
  private void loads(int vector, int mask) {
    for (int i = 0; i < locals.length; i++) {
      Ssa.Instruction in = body().get(i);
      if (in.op() == Ssa.Op.ARG && !loop.rowConstant()[in.a()]) {
        load(rowStarts[in.a()], vector, mask);
        code.astore(locals[i]);
      }
    }
  }

  /** Computes the body's values of what was loaded. */
  private void values() {
    for (int i = 0; i < locals.length; i++) {
      Ssa.Instruction in = body().get(i);
      if (in.op().operands() > 0) {
        emit.operation(in, locals);
        code.astore(locals[i]);
      }
    }
  }

  /**
   * Pushes a vector of a row. Where there are no masked loads, C2 reads a whole vector whose end
   * lies inside of its segment, and of all memory it does: there a slice ends with the row.
   */
  private void load(int start, int vector, int mask) {
    if (mask == ONE) {
      emit.broadcast(() -> emit.element(memory, () -> pushAddress(start, vector)));
      return;
    }
    if (mask == ALL || maskedLoads) {
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

  private void map(boolean wholeOnly) {
    eachRow(
        () -> {
          beginRow();
          code.iconst_0().istore(column);
          eachWhole(1, () -> mapVector(ALL));
          if (!wholeOnly) {
            Label done = code.newLabel();
            code.iload(column).iload(COLS).if_icmpge(done);
            mapVector(partMask());
            code.labelBinding(done);
          }
        });
  }

  private void mapVector(int mask) {
    loads(0, mask);
    values();
    stores(mask);
  }

  /** All loads come before the first store, so an output may be one of the inputs. */
  private void stores(int mask) {
    for (int i = 0; i < loop.outputs(); i++) {
      int out = loop.inputs() + i;
      int value = locals[loop.body().results()[i]];
      store(value, rowStarts[out], 0, mask);
    }
  }

  private void store(int value, int start, int vector, int mask) {
    if (mask == ONE) {
      emit.storeFirst(value, () -> pushAddress(start, vector));
    } else {
      emit.store(value, memory, () -> pushAddress(start, vector), mask);
    }
  }

  private int result() {
    return locals[loop.body().results()[0]];
  }

  private void reset(int[] accumulators) {
    for (int a : accumulators) {
      code.aload(identity).astore(a);
    }
  }

  /**
   * Combines a value into an accumulator. The value is the receiver of the call: C2 knows its
   * class, while of an accumulator, which comes around the loop, it knows only that it is some
   * vector. With the accumulator as receiver one launch in four kept a virtual call in the loop, 20
   * times slower.
   */
  private void accumulate(int accumulator, int value) {
    emit.combine(loop.combining(), value, accumulator);
    code.astore(accumulator);
  }

  /** Adds the values of some whole vectors, each to an accumulator of its own. */
  private void accumulateWhole(int[] sums) {
    for (int v = 0; v < sums.length; v++) {
      loads(v, ALL);
      values();
      accumulate(sums[v], result());
    }
  }

  private void reduceRows() {
    int[] sums = allocate(loop.repeats(), TypeKind.REFERENCE);
    int last = code.allocateLocal(TypeKind.REFERENCE);
    int out = loop.inputs();
    loadIdentity();
    eachRow(
        () -> {
          beginRow();
          reset(sums);
          code.iconst_0().istore(column);
          if (sums.length > 1 || loop.fits(2)) {
            eachWhole(sums.length, () -> accumulateWhole(sums));
          }
          eachVector(
              () -> {
                wholeOrPart(mask -> loads(0, mask));
                values();
                wholeOrPart(
                    mask -> {
                      // Lanes past the end count for nothing.
                      switch (mask) {
                        case ALL -> code.aload(result());
                        case ONE -> emit.first(result(), loop.identityBits());
                        default -> emit.blend(identity, result(), mask);
                      }
                      code.astore(last);
                    });
                accumulate(sums[0], last);
              });
          accumulate(sums[0], identity);
          for (int v = 1; v < sums.length; v++) {
            accumulate(sums[v], sums[0]);
            code.aload(sums[v]).astore(sums[0]);
          }
          emit.combineLanes(loop.combining(), sums[0], () -> code.lload(rowStarts[out]));
        });
  }

  private void reduceColumns() {
    int[] sums = allocate(loop.repeats(), TypeKind.REFERENCE);
    loadIdentity();
    code.iconst_0().istore(column);
    if (sums.length > 1) {
      eachWhole(
          sums.length,
          () -> {
            downRows(sums, () -> accumulateWhole(sums));
            for (int v = 0; v < sums.length; v++) {
              storeSum(sums[v], v, ALL);
            }
          });
    }
    int[] one = {sums[0]};
    eachVector(
        () -> {
          downRows(
              one,
              () -> {
                wholeOrPart(mask -> loads(0, mask));
                values();
                accumulate(sums[0], result());
              });
          wholeOrPart(mask -> storeSum(sums[0], 0, mask));
        });
  }

  private void downRows(int[] sums, Runnable combineRow) {
    reset(sums);
    eachRow(
        () -> {
          beginRow();
          combineRow.run();
        });
    for (int sum : sums) {
      accumulate(sum, identity);
    }
  }

  private void storeSum(int sum, int vector, int mask) {
    store(sum, starts[loop.inputs()], vector, mask);
  }

  /**
   * Loads the value that changes nothing; an accumulator combined with it has a known class again.
   */
  private void loadIdentity() {
    emit.broadcast(() -> emit.constant(loop.identityBits()));
    code.astore(identity);
  }
}
