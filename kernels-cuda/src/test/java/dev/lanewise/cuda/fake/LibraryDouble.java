package dev.lanewise.cuda.fake;

import dev.lanewise.bindings.cuda.CudaTypes;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One library of the double: objects whose methods, if neither private nor static, are its C
 * functions. A method has the C name and takes {@code int}, {@code long}, {@code short}, {@code
 * float}, {@code double} and, for every pointer and handle, {@link MemorySegment}; one that returns
 * {@code int} returns a status of the library.
 *
 * <p>Nothing that a method throws gets out, for that would end the JVM: it becomes a status, and a
 * problem that tests see ({@link DriverDouble#problems()}).
 */
class LibraryDouble implements SymbolLookup {

  /** A C function: the method that does it, bound to its object, from an array of arguments. */
  record Function(String name, MethodType type, MethodHandle method) {}

  private static final MethodHandle INVOKE = invoke();

  private final DriverDouble cuda;
  private final Statuses statuses;
  private final Map<String, Function> functions = new HashMap<>();
  private final Map<String, MemorySegment> stubs = new HashMap<>();

  /**
   * Makes a library.
   *
   * @param parts objects whose methods, if neither private nor static, are the functions
   */
  LibraryDouble(DriverDouble cuda, Statuses statuses, List<?> parts) {
    this.cuda = cuda;
    this.statuses = statuses;
    for (Object part : parts) {
      for (Method method : part.getClass().getDeclaredMethods()) {
        int modifiers = method.getModifiers();
        if (!Modifier.isPrivate(modifiers)
            && !Modifier.isStatic(modifiers)
            && !method.isSynthetic()) {
          add(part, method);
        }
      }
    }
  }

  private void add(Object part, Method method) {
    MethodType type = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
    MethodHandle handle;
    try {
      handle =
          MethodHandles.privateLookupIn(part.getClass(), MethodHandles.lookup()).unreflect(method);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
    MethodHandle spread =
        handle
            .bindTo(part)
            .asSpreader(Object[].class, type.parameterCount())
            .asType(MethodType.methodType(Object.class, Object[].class));
    if (functions.put(method.getName(), new Function(method.getName(), type, spread)) != null) {
      throw new IllegalArgumentException(method.getName() + " is there twice");
    }
  }

  /** Called before each function but those that are to fail. What it throws is the answer. */
  void before(String function) {}

  /** Called after each function that returns a status. */
  void after(String function, int status) {}

  /** {@return the answer to a call that a capture forbids} */
  int captured(CaptureFault fault) {
    return statuses.workFailed();
  }

  /** {@return the answer of a call in which work failed} */
  int workFailed(WorkFault fault) {
    return statuses.workFailed();
  }

  /** {@return whether there is a function of this name that returns a status} */
  final boolean answers(String function) {
    Function found = functions.get(function);
    return found != null && found.type().returnType() == int.class;
  }

  /** {@return each function by its C name, as the linker wants it} */
  final Map<String, FunctionDescriptor> descriptors() {
    var descriptors = new HashMap<String, FunctionDescriptor>();
    functions.forEach((name, function) -> descriptors.put(name, descriptor(function.type())));
    return descriptors;
  }

  /**
   * {@inheritDoc}
   *
   * <p>The stub is made here and not earlier: nothing of it may touch the binding of the function,
   * whose class is being initialised while it asks.
   */
  @Override
  public final synchronized Optional<MemorySegment> find(String name) {
    return Optional.ofNullable(functions.get(name))
        .map(function -> stubs.computeIfAbsent(name, _ -> stub(function)));
  }

  private MemorySegment stub(Function function) {
    MethodHandle guarded =
        MethodHandles.insertArguments(INVOKE, 0, this, function)
            .asCollector(Object[].class, function.type().parameterCount())
            .asType(function.type());
    return Linker.nativeLinker().upcallStub(guarded, descriptor(function.type()), Arena.global());
  }

  private static MethodHandle invoke() {
    try {
      return MethodHandles.lookup()
          .findVirtual(
              LibraryDouble.class,
              "call",
              MethodType.methodType(Object.class, Function.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** Called by every stub, in place of its function. Never throws. */
  final Object call(Function function, Object[] arguments) {
    synchronized (cuda) {
      Object result;
      try {
        OptionalInt ordered = cuda.orderedFault(function.name());
        if (ordered.isPresent()) {
          result = ordered.getAsInt();
        } else {
          before(function.name());
          result = (Object) function.method().invokeExact(arguments);
        }
      } catch (Throwable anything) {
        result = answer(function, anything);
      }
      if (result instanceof Integer status) {
        after(function.name(), status);
      }
      cuda.log(new Call(function.name(), List.of(arguments), result));
      return result;
    }
  }

  private Object answer(Function function, Throwable thrown) {
    int status =
        switch (thrown) {
          case Refusal refusal -> refusal.status;
          case DeviceFault _ -> statuses.badAddress();
          case HandleFault _ -> statuses.badHandle();
          case WorkFault fault -> workFailed(fault);
          case CaptureFault fault -> captured(fault);
          default -> statuses.failed();
        };
    if (!(thrown instanceof Refusal refusal) || refusal.misuse) {
      cuda.problem(function.name(), thrown);
    }
    Class<?> type = function.type().returnType();
    if (type == int.class) {
      return status;
    }
    return type == long.class ? (Object) 0L : MemorySegment.NULL;
  }

  private static FunctionDescriptor descriptor(MethodType type) {
    MemoryLayout[] parameters =
        type.parameterList().stream().map(LibraryDouble::layout).toArray(MemoryLayout[]::new);
    return FunctionDescriptor.of(layout(type.returnType()), parameters);
  }

  private static MemoryLayout layout(Class<?> type) {
    if (type == MemorySegment.class) {
      return CudaTypes.C_POINTER;
    } else if (type == int.class) {
      return CudaTypes.C_INT;
    } else if (type == long.class) {
      return CudaTypes.C_LONG_LONG;
    } else if (type == short.class) {
      return CudaTypes.C_SHORT;
    } else if (type == float.class) {
      return CudaTypes.C_FLOAT;
    } else if (type == double.class) {
      return CudaTypes.C_DOUBLE;
    }
    throw new IllegalArgumentException("no C type for " + type);
  }
}
