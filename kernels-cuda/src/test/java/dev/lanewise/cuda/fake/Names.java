package dev.lanewise.cuda.fake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;

/**
 * The names of a library's statuses as C strings, taken from the bindings' constants, so that no
 * list of them can be wrong.
 */
final class Names {

  private final Map<Integer, MemorySegment> names = new HashMap<>();
  private final Map<Integer, MemorySegment> texts = new HashMap<>();
  private final MemorySegment unknown = Arena.global().allocateFrom("unrecognized error code");

  /**
   * Takes all constants of a generated class.
   *
   * @param prefix what their names begin with
   * @param success the constant of the status 0, which may have another name
   */
  Names(Class<?> bindings, String prefix, String success) {
    for (Method method : bindings.getDeclaredMethods()) {
      String name = method.getName();
      boolean constant = method.getParameterCount() == 0 && method.getReturnType() == int.class;
      if (constant && (name.startsWith(prefix) || name.equals(success))) {
        int status = value(method);
        names.put(status, Arena.global().allocateFrom(name));
        texts.put(status, Arena.global().allocateFrom("what " + name + " means, in words"));
      }
    }
  }

  private static int value(Method constant) {
    try {
      return (int) constant.invoke(null);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new AssertionError(e);
    }
  }

  boolean knows(int status) {
    return names.containsKey(status);
  }

  /** {@return the constant's name, for example {@code cudaErrorInvalidValue}} */
  MemorySegment name(int status) {
    return names.getOrDefault(status, unknown);
  }

  /** {@return a text that is not the name} */
  MemorySegment text(int status) {
    return texts.getOrDefault(status, unknown);
  }
}
