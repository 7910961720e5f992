package dev.lanewise.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import dev.lanewise.kernel.CrossEntropySpec;
import dev.lanewise.kernel.PoolSpec;
import dev.lanewise.kernel.Window;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever the arguments of an operation are: it gives a result, whose gradient can be computed, or
 * one of the errors that it documents, and then nothing has changed.
 */
class RandomArgumentsTest {
  private static final int CALLS_OF_EACH = 400;

  private static final List<String> TEXTS =
      List.of("ij,jk->ik", "ij->ji", "ii", "...i,i->...", "", "1:", ":, ::-1", "..., None", "0, 7");

  private static final List<DType> TYPES =
      List.of(
          DType.F32,
          DType.F32,
          DType.F32,
          DType.F32,
          DType.F64,
          DType.I64,
          DType.I32,
          DType.BOOL,
          DType.F16,
          DType.BF16);

  private final SplittableRandom random = new SplittableRandom(20261130);
  private final Backend backend = Backends.best();
  private final List<Tensor> made = new ArrayList<>();
  private Shape recent = Shape.SCALAR;

  private static List<Method> operations() {
    return Stream.of(Tensor.class.getInterfaces())
        .flatMap(family -> Stream.of(family.getDeclaredMethods()))
        .filter(m -> Modifier.isPublic(m.getModifiers()) && !m.isSynthetic() && !m.isBridge())
        .sorted((a, b) -> a.toGenericString().compareTo(b.toGenericString()))
        .toList();
  }

  @Test
  void operationsGiveResultsOrDocumentedErrors() throws Exception {
    Map<String, int[]> outcomes = new TreeMap<>();
    for (Method operation : operations()) {
      int[] counts = outcomes.computeIfAbsent(operation.getName(), _ -> new int[2]);
      for (int i = 0; i < CALLS_OF_EACH; i++) {
        try (Scope _ = Scope.open("call")) {
          made.clear();
          counts[call(operation) ? 0 : 1]++;
        }
      }
    }
    List<String> never = new ArrayList<>();
    outcomes.forEach((name, counts) -> never.addAll(counts[0] == 0 ? List.of(name) : List.of()));
    // Else only errors would be tested.
    assertTrue(never.size() < outcomes.size() / 8, "never succeeded: " + never);
  }

  /** {@return whether a call with random arguments gave a result} */
  private boolean call(Method operation) throws Exception {
    Tensor target = tensor();
    Object[] arguments;
    try {
      arguments = arguments(operation.getParameterTypes());
    } catch (InvocationTargetException e) {
      requireDocumented("arguments of " + operation, e.getCause());
      return false;
    } catch (IllegalArgumentException _) {
      return false; // a window or a spec that does not fit
    }
    double[][] before = values();
    String text = operation.getName() + " of " + target + " with " + Arrays.toString(arguments);
    try {
      differentiate(operation.invoke(target, arguments));
      return true;
    } catch (InvocationTargetException e) {
      requireDocumented(text, e.getCause());
      assertArrayEquals(before, values(), text);
      return false;
    } catch (RuntimeException e) {
      requireDocumented("gradient of " + text, e);
      return true;
    }
  }

  private double[][] values() {
    return made.stream().map(Tensor::toDoubleArray).toArray(double[][]::new);
  }

  private void differentiate(Object result) {
    if (result instanceof Tensor y && y.node instanceof Node.Op && y.dtype().isCompute()) {
      y.sum().backward();
    }
  }

  private static void requireDocumented(String what, Throwable thrown) {
    boolean documented =
        thrown instanceof IllegalArgumentException || thrown instanceof GradientException;
    if (!documented || thrown.getMessage() == null || !thrown.getMessage().contains(": ")) {
      fail(what, thrown);
    }
  }

  private Object[] arguments(Class<?>[] types) throws ReflectiveOperationException {
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = argument(types[i]);
    }
    return arguments;
  }

  private Object argument(Class<?> type) throws ReflectiveOperationException {
    if (type == Tensor.class) {
      return tensor();
    } else if (type == int.class) {
      return random.nextInt(-3, 6);
    } else if (type == long.class) {
      return random.nextLong(-3, 6);
    } else if (type == boolean.class) {
      return random.nextBoolean();
    } else if (type == double.class) {
      return new double[] {0, 1, -1, 0.5, 1e-5, 2, Double.NaN}[random.nextInt(7)];
    } else if (type == String.class) {
      return TEXTS.get(random.nextInt(TEXTS.size()));
    } else if (type == Index.class) {
      return index();
    } else if (type == PoolSpec.class) {
      return PoolSpec.of(recent, window(), random.nextBoolean());
    } else if (type == CrossEntropySpec.class) {
      return CrossEntropySpec.of(recent, random.nextInt(-2, 3));
    } else if (type == Shape.class) {
      return shape();
    } else if (type == Window.class) {
      return window();
    } else if (type == Backend.class) {
      return random.nextBoolean() ? backend : Backends.named("reference");
    } else if (type == UnaryOperator.class) {
      return UnaryOperator.identity();
    } else if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      return constants[random.nextInt(constants.length)];
    } else if (type.isArray()) {
      Object array = Array.newInstance(type.getComponentType(), random.nextInt(4));
      for (int i = 0; i < Array.getLength(array); i++) {
        Array.set(array, i, argument(type.getComponentType()));
      }
      return array;
    } else if (type == List.class) {
      return List.of();
    } else if (type.isRecord()) {
      Class<?>[] parts =
          Stream.of(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      return type.getDeclaredConstructor(parts).newInstance(arguments(parts));
    }
    return fail("no arguments of " + type + " are known; add some here");
  }

  private Index index() {
    return switch (random.nextInt(6)) {
      case 0 -> Index.ALL;
      case 1 -> Index.ELLIPSIS;
      case 2 -> Index.NEW_AXIS;
      case 3 -> Index.of(random.nextInt(-3, 4));
      case 4 -> Index.slice(random.nextInt(-3, 4), random.nextInt(-3, 4), random.nextInt(1, 3));
      default -> Index.of(new int[] {random.nextInt(-2, 3), random.nextInt(-2, 3)});
    };
  }

  private Shape shape() {
    if (random.nextInt(3) > 0) {
      return recent;
    }
    int[] dims = new int[random.nextInt(5)];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = random.nextInt(8) == 0 ? 0 : random.nextInt(1, 5);
    }
    recent = Shape.of(dims);
    return recent;
  }

  private Window window() {
    int axes = random.nextInt(3) > 0 ? Math.max(0, recent.rank() - 2) : random.nextInt(4);
    int[][] parts = new int[4][axes];
    for (int i = 0; i < axes; i++) {
      parts[0][i] = random.nextInt(1, 4);
      parts[1][i] = random.nextInt(1, 3);
      parts[2][i] = random.nextInt(0, 3);
      parts[3][i] = random.nextInt(1, 3);
    }
    return Window.of(parts[0]).withStride(parts[1]).withPadding(parts[2]).withDilation(parts[3]);
  }

  private Tensor tensor() {
    DType dtype = TYPES.get(random.nextInt(TYPES.size()));
    Shape shape = shape();
    double[] values = new double[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(-2, 5);
    }
    NdArray data = NdArray.uninitialized(backend, dtype, shape);
    backend.copy(NdArray.of(backend, values).view(Layout.contiguous(shape)), data);
    Tensor x = Tensor.of(data);
    if (dtype.isCompute() && random.nextBoolean()) {
      x.requiresGrad(true);
    }
    if (shape.rank() == 2 && random.nextInt(4) == 0) {
      x = x.transpose();
    }
    made.add(x);
    return x;
  }
}
