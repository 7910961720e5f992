package dev.lanewise.simd;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.function.Consumer;

/** How kernels that are generated at run time are defined, and get compiled soon and well. */
public final class GeneratedClass {
  private static final ClassDesc VECTOR_CLASSES =
      VectorClasses.class.describeConstable().orElseThrow();
  private static final int IDLE_TURNS = 24;

  /**
   * The most calls of vector methods in a method. Reading its bytecode, C2 inlines the first 40 or
   * so: then it has made 18,000 nodes (its {@code NodeCountInliningCutoff}). Later calls wait for a
   * second phase, which stops for good where 40,000 nodes are alive. What is not inlined by then
   * gets an object for each vector, a hundred times too slow; and where that happens differs from
   * launch to launch, with what C2 knows of branches in the vector classes.
   */
  private static final int MOST_CALLS = 140;

  private GeneratedClass() {}

  /**
   * {@return an object of a new hidden class}
   *
   * @param <T> the superclass
   * @param lookup of a class in the new one's package
   * @param superclass the abstract superclass, whose constructor has no parameters
   * @param name in the lookup's package; profilers show it
   * @param members what the class has besides a constructor
   */
  public static <T> T define(
      MethodHandles.Lookup lookup,
      Class<T> superclass,
      ClassDesc name,
      Consumer<ClassBuilder> members) {
    ClassDesc parent = superclass.describeConstable().orElseThrow();
    byte[] bytecode =
        ClassFile.of()
            .build(
                name,
                builder -> {
                  // Public, as this class creates the object; no package that holds one is
                  // exported.
                  builder
                      .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL)
                      .withSuperclass(parent);
                  builder.withMethodBody(
                      INIT_NAME,
                      MTD_void,
                      ClassFile.ACC_PUBLIC,
                      body -> body.aload(0).invokespecial(parent, INIT_NAME, MTD_void).return_());
                  members.accept(builder);
                });
    assert mostVectorCalls(bytecode) <= MOST_CALLS
        : name.displayName() + " calls " + mostVectorCalls(bytecode) + " vector methods";
    try {
      return lookup
          .defineHiddenClass(bytecode, true)
          .lookupClass()
          .asSubclass(superclass)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("a generated class does not load: " + name.displayName(), e);
    }
  }

  /** {@return how many calls of vector methods the longest method has} */
  private static long mostVectorCalls(byte[] bytecode) {
    long most = 0;
    for (MethodModel method : ClassFile.of().parse(bytecode).methods()) {
      long calls =
          method.code().stream()
              .filter(code -> !method.methodName().equalsString(CLASS_INIT_NAME))
              .flatMap(CodeModel::elementStream)
              .filter(GeneratedClass::isVectorCall)
              .count();
      most = Math.max(most, calls);
    }
    return most;
  }

  private static boolean isVectorCall(CodeElement element) {
    return element instanceof InvokeInstruction call
        && call.owner().asInternalName().startsWith("jdk/incubator/vector/");
  }

  /**
   * Begins a method that C1 gives up on, so that it goes from the interpreter straight to C2, and
   * soon. To be called before anything else is written.
   *
   * <p>C1 runs out of virtual registers in the profiled version of a large kernel but not in the
   * unprofiled one, and a method that has the latter waits for the former for ever, a hundred times
   * too slow (seen as {@code COMPILE SKIPPED: out of virtual registers} under {@code
   * -XX:+PrintCompilation}). C1 always refuses an exception handler that is also reached by falling
   * into it; C2 takes it. This one covers a single {@code nop} and never handles anything.
   *
   * <p>An idle loop, which C2 removes, follows: C2 takes a method after 600 profiled calls with
   * 15,000 turns of loops, and turns of an idle one cost the interpreter least.
   *
   * @param code the method's still empty code
   */
  public static void compileByC2Alone(CodeBuilder code) {
    code.aconst_null();
    Label handler = code.newBoundLabel();
    code.pop();
    Label start = code.newBoundLabel();
    code.nop();
    Label end = code.newBoundLabel();
    code.exceptionCatch(start, end, handler, CD_Throwable);
    int turn = code.allocateLocal(TypeKind.INT);
    code.iconst_0().istore(turn);
    Label loop = code.newBoundLabel();
    code.iinc(turn, 1).iload(turn).loadConstant(IDLE_TURNS).if_icmplt(loop);
  }

  /**
   * Tells C2 the class of the vector on the stack. Reading a long method, it leaves calls of vector
   * methods for later, and then knows no more of their results than the type they are declared
   * with, or what it has seen other callers get. Where these used vectors of other widths too, the
   * next call was a virtual one, for which the vector became an object: a hundred times too slow.
   *
   * @param code the method's code
   * @param lanes the name of the vector's {@link Lanes}
   */
  static void known(CodeBuilder code, String lanes) {
    Label ok = code.newLabel();
    code.dup()
        .invokevirtual(CD_Object, "getClass", MethodTypeDesc.of(CD_Class))
        .getstatic(VECTOR_CLASSES, lanes, CD_Class)
        .if_acmpeq(ok)
        .aconst_null()
        .athrow()
        .labelBinding(ok);
  }
}
