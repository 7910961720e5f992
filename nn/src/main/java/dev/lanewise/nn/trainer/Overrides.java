package dev.lanewise.nn.trainer;

import dev.lanewise.nn.data.Batch;
import java.lang.reflect.Method;
import java.util.List;

/** Which steps a module has: those that its class, or one between, declares. */
final class Overrides {
  private Overrides() {}

  private static boolean has(TrainingModule module, String step) {
    List<Class<?>> parameters = List.of(Batch.class, int.class);
    for (Class<?> type = module.getClass();
        type != TrainingModule.class;
        type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.getName().equals(step)
            && List.of(method.getParameterTypes()).equals(parameters)) {
          return true;
        }
      }
    }
    return false;
  }

  /** {@return the error of a step that a module does not have} */
  static IllegalStateException missing(TrainingModule module, String method, String cure) {
    return new IllegalStateException(
        "%s '%s' has no %s; override it: %s".formatted(module.type(), module.name(), method, cure));
  }

  static void require(TrainingModule module, String step, String cure) {
    if (!has(module, step)) {
      throw missing(module, step + "(Batch, int)", cure);
    }
  }
}
