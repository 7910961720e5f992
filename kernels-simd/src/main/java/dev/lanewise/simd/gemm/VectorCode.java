package dev.lanewise.simd.gemm;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.lanewise.simd.Addresses;
import dev.lanewise.simd.GeneratedClass;
import dev.lanewise.simd.Lanes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * What the generated kernels have in common: vectors of one type, and how to write the code that
 * loads, stores and multiplies them.
 *
 * @param vector the class of the vectors
 * @param scalar the type of a lane
 * @param layout the class of a lane's layout
 * @param layoutName the name of a lane's layout
 * @param species the name of the vectors' species in {@link Lanes}
 * @param bytes the size of a vector
 */
record VectorCode(
    ClassDesc vector,
    ClassDesc scalar,
    ClassDesc layout,
    String layoutName,
    String species,
    int bytes) {
  /** The class of the matrices' memory. */
  static final ClassDesc SEGMENT = describe(MemorySegment.class);

  /** The class of all species. */
  static final ClassDesc SPECIES = describe(VectorSpecies.class);

  /** The class of all vectors. */
  static final ClassDesc VECTOR = describe(Vector.class);

  /** The class of masks. */
  static final ClassDesc MASK = describe(VectorMask.class);

  /** The class of shuffles. */
  static final ClassDesc SHUFFLE = describe(VectorShuffle.class);

  private static final ClassDesc ORDER = describe(ByteOrder.class);
  private static final ClassDesc MEMORY = describe(Addresses.class);

  /** {@return the code for vectors of numbers} */
  static VectorCode of(Element element) {
    return switch (element) {
      case F32 ->
          new VectorCode(
              describe(FloatVector.class),
              CD_float,
              describe(ValueLayout.OfFloat.class),
              "JAVA_FLOAT_UNALIGNED",
              "F32",
              Lanes.BITS / Byte.SIZE);
      case F64 ->
          new VectorCode(
              describe(DoubleVector.class),
              CD_double,
              describe(ValueLayout.OfDouble.class),
              "JAVA_DOUBLE_UNALIGNED",
              "F64",
              Lanes.BITS / Byte.SIZE);
    };
  }

  /** {@return the code for vectors of elements that are only moved, as integers of their size} */
  static VectorCode ofBits(Element element) {
    return switch (element) {
      case F32 ->
          new VectorCode(
              describe(IntVector.class),
              CD_int,
              describe(ValueLayout.OfInt.class),
              "JAVA_INT_UNALIGNED",
              "I32",
              Lanes.BITS / Byte.SIZE);
      case F64 ->
          new VectorCode(
              describe(LongVector.class),
              CD_long,
              describe(ValueLayout.OfLong.class),
              "JAVA_LONG_UNALIGNED",
              "I64",
              Lanes.BITS / Byte.SIZE);
    };
  }

  /** {@return how a class file names a class} */
  static ClassDesc describe(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  /** {@return the name of a generated class} */
  static ClassDesc generated(String name) {
    return ClassDesc.of(VectorCode.class.getPackageName(), name);
  }

  /** Writes the body of one of several numbered methods. */
  interface Body {
    /** Writes the body of the method with a number. */
    void write(CodeBuilder code, int number);
  }

  /** Writes numbered static methods, and the method that calls the one its first argument names. */
  static void family(
      ClassBuilder type,
      ClassDesc self,
      String name,
      MethodTypeDesc signature,
      int first,
      int count,
      Body body) {
    type.withMethodBody(
        name,
        signature.insertParameterTypes(0, CD_int),
        0,
        code -> dispatch(code, self, name, signature, first, count));
    for (int i = first; i < first + count; i++) {
      int number = i;
      type.withMethodBody(
          name + i,
          signature,
          ClassFile.ACC_STATIC,
          code -> {
            GeneratedClass.compileByC2Alone(code);
            body.write(code, number);
          });
    }
  }

  private static void dispatch(
      CodeBuilder code,
      ClassDesc self,
      String name,
      MethodTypeDesc signature,
      int first,
      int count) {
    List<SwitchCase> cases = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      cases.add(SwitchCase.of(i, code.newLabel()));
    }
    Label none = code.newLabel();
    int slot = 2;
    for (ClassDesc parameter : signature.parameterList()) {
      TypeKind kind = TypeKind.from(parameter);
      code.loadLocal(kind, slot);
      slot += kind.slotSize();
    }
    code.iload(1).tableswitch(first, first + count - 1, none, cases);
    for (SwitchCase one : cases) {
      code.labelBinding(one.target())
          .invokestatic(self, name + one.caseValue(), signature)
          .return_();
    }
    code.labelBinding(none).return_();
  }

  /** Makes an address positive, so that C2 sees that it needs no check. */
  static void maskAddress(CodeBuilder code, int address) {
    code.lload(address).loadConstant(Addresses.MASK).land().lstore(address);
  }

  /** Adds one local variable to another. */
  static void add(CodeBuilder code, int address, int stride) {
    code.lload(address).lload(stride).ladd().lstore(address);
  }

  /** Pushes all of memory. */
  static void loadMemory(CodeBuilder code) {
    code.getstatic(MEMORY, "ALL", SEGMENT);
  }

  /** Pushes the address of the row of zeros. */
  static void loadZeros(CodeBuilder code) {
    code.getstatic(describe(TileKernel.class), "ZEROS", CD_long);
  }

  /** Pushes the species. */
  void loadSpecies(CodeBuilder code) {
    code.getstatic(describe(Lanes.class), species, SPECIES);
  }

  /**
   * {@return new variables that hold vectors of zeros} All hold the same, made by one call. It may
   * not be a constant: that is an object to C2, and so the sum that begins with it would be.
   */
  int[][] zeros(CodeBuilder code, int rows, int columns) {
    int[][] zeros = new int[rows][columns];
    loadSpecies(code);
    code.invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES));
    for (int[] row : zeros) {
      for (int i = 0; i < columns; i++) {
        row[i] = code.allocateLocal(TypeKind.REFERENCE);
        code.dup().astore(row[i]);
      }
    }
    code.pop();
    return zeros;
  }

  /** Pushes the layout of a lane. */
  void loadLayout(CodeBuilder code) {
    code.getstatic(describe(ValueLayout.class), layoutName, layout);
  }

  /** Pushes a lane of a vector. */
  void lane(CodeBuilder code, int vectorLocal, int lane) {
    code.aload(vectorLocal)
        .loadConstant(lane)
        .invokevirtual(vector, "lane", MethodTypeDesc.of(scalar, CD_int));
  }

  /** Stores a scalar; below it on the stack are a segment, the layout and an offset. */
  void storeScalar(CodeBuilder code) {
    code.invokeinterface(SEGMENT, "set", MethodTypeDesc.of(CD_void, layout, CD_long, scalar));
  }

  /** Replaces a segment by the scalar at the offset that is then pushed. */
  void loadScalar(CodeBuilder code, Runnable pushOffset) {
    loadLayout(code);
    pushOffset.run();
    code.invokeinterface(SEGMENT, "get", MethodTypeDesc.of(scalar, layout, CD_long));
  }

  /** Replaces the species and a scalar by a vector full of it. */
  void broadcast(CodeBuilder code) {
    code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, scalar));
  }

  /** Replaces the species, a segment and an offset by the vector there. */
  void loadVector(CodeBuilder code) {
    code.getstatic(MEMORY, "ORDER", ORDER)
        .invokestatic(
            vector,
            "fromMemorySegment",
            MethodTypeDesc.of(vector, SPECIES, SEGMENT, CD_long, ORDER));
  }

  /** Replaces the species, a segment and an offset by those lanes of the vector there. */
  void loadVector(CodeBuilder code, int mask) {
    code.getstatic(MEMORY, "ORDER", ORDER)
        .aload(mask)
        .invokestatic(
            vector,
            "fromMemorySegment",
            MethodTypeDesc.of(vector, SPECIES, SEGMENT, CD_long, ORDER, MASK));
  }

  /** Pushes the vector that lies {@code index} vectors behind an address. */
  void loadVectorAt(CodeBuilder code, int address, int index) {
    loadSpecies(code);
    loadMemory(code);
    code.lload(address).loadConstant((long) index * bytes).ladd();
    loadVector(code);
  }

  /** Stores the vector on the stack {@code index} vectors behind an address. */
  void storeVectorAt(CodeBuilder code, int address, int index) {
    loadMemory(code);
    code.lload(address).loadConstant((long) index * bytes).ladd();
    code.getstatic(MEMORY, "ORDER", ORDER)
        .invokevirtual(
            vector, "intoMemorySegment", MethodTypeDesc.of(CD_void, SEGMENT, CD_long, ORDER));
  }

  /** Replaces three vectors by the product of the first two plus the third. */
  void fma(CodeBuilder code) {
    code.invokevirtual(vector, "fma", MethodTypeDesc.of(vector, VECTOR, VECTOR));
  }

  /** Replaces two vectors by their sum. */
  void add(CodeBuilder code) {
    code.invokevirtual(vector, "add", MethodTypeDesc.of(vector, VECTOR));
  }

  /** Replaces the vector on the stack by its lanes in the order of the shuffle in a field. */
  void rearrange(CodeBuilder code, ClassDesc owner, String shuffle) {
    code.getstatic(owner, shuffle, SHUFFLE)
        .invokevirtual(vector, "rearrange", MethodTypeDesc.of(vector, SHUFFLE));
  }

  /** Replaces two vectors by the second where the mask in a field is set, else the first. */
  void blend(CodeBuilder code, ClassDesc owner, String mask) {
    code.getstatic(owner, mask, MASK)
        .invokevirtual(vector, "blend", MethodTypeDesc.of(vector, VECTOR, MASK));
  }
}
