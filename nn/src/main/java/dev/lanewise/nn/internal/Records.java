package dev.lanewise.nn.internal;

import dev.lanewise.nn.config.Config;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Records of this module as configs: the components are the settings. These are numbers, truth
 * values, lists of numbers, and other such records.
 *
 * @param <T> what the records have in common
 */
public final class Records<T> {
  private final String what;
  private final Map<String, Class<? extends T>> types = new TreeMap<>();

  private Records(String what) {
    this.what = what;
  }

  /**
   * {@return the configs of some types}
   *
   * @param <T> what they have in common
   * @param what what they are, for errors
   * @param types the types, records all
   */
  @SafeVarargs
  public static <T> Records<T> of(String what, Class<? extends T>... types) {
    Records<T> records = new Records<>(what);
    for (Class<? extends T> type : types) {
      records.types.put(type.getSimpleName(), type);
    }
    return records;
  }

  /**
   * {@return type and settings of a record}
   *
   * @param record the record
   * @throws UnsupportedOperationException if it is not of these types, or has a component of
   *     another
   */
  public Config config(T record) {
    Class<?> type = record.getClass();
    if (!types.containsValue(type)) {
      throw unknown(type);
    }
    Config config = Config.of(type.getSimpleName());
    for (RecordComponent component : type.getRecordComponents()) {
      Object value = read(component, record);
      switch (value) {
        case Number _, Boolean _, List<?> _, OptionalDouble _, OptionalLong _ ->
            config.with(component.getName(), value);
        default -> config.with(component.getName(), config(known(value)));
      }
    }
    return config;
  }

  @SuppressWarnings("unchecked")
  private T known(Object value) {
    if (!types.containsValue(value.getClass())) {
      throw unknown(value.getClass());
    }
    return (T) value;
  }

  private UnsupportedOperationException unknown(Class<?> type) {
    return new UnsupportedOperationException(
        "the %s is of a class of one's own, %s, which no file can tell"
            .formatted(what, type.getName()));
  }

  /**
   * {@return a record of its type and settings}
   *
   * @param config what {@link #config} gave
   * @throws IllegalArgumentException if the type is not known, or a setting is missing or wrong
   */
  public T make(Config config) {
    Class<? extends T> type = types.get(config.type());
    if (type == null) {
      throw new IllegalArgumentException(
          "%s: there is no type '%s'; types are %s"
              .formatted(what, config.type(), String.join(", ", types.keySet())));
    }
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = Arrays.stream(components).map(c -> value(c, config)).toArray();
    try {
      Constructor<? extends T> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      open(constructor);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        throw wrong;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Object value(RecordComponent component, Config config) {
    String name = component.getName();
    Class<?> type = component.getType();
    if (type == double.class) {
      return config.number(name);
    }
    if (type == long.class) {
      return config.wholeNumber(name);
    }
    if (type == int.class) {
      return config.integer(name);
    }
    if (type == boolean.class) {
      return config.flag(name);
    }
    if (type == OptionalDouble.class) {
      return config.has(name) ? OptionalDouble.of(config.number(name)) : OptionalDouble.empty();
    }
    if (type == OptionalLong.class) {
      return config.has(name) ? OptionalLong.of(config.wholeNumber(name)) : OptionalLong.empty();
    }
    return type == List.class ? numbers(component, config) : make(config.config(name));
  }

  private static List<?> numbers(RecordComponent component, Config config) {
    double[] numbers = config.numbers(component.getName());
    ParameterizedType type = (ParameterizedType) component.getGenericType();
    return type.getActualTypeArguments()[0] == Long.class
        ? Arrays.stream(numbers).mapToObj(number -> (long) number).toList()
        : Arrays.stream(numbers).boxed().toList();
  }

  private static Object read(RecordComponent component, Object record) {
    try {
      open(component.getAccessor());
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The record may be hidden in its package, which is of this module. */
  private static void open(AccessibleObject member) {
    member.setAccessible(true);
  }
}
