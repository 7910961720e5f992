package dev.lanewise.cli;

import dev.lanewise.kernel.Backends;
import dev.lanewise.nn.trainer.Devices;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the values of options; what is wrong with one is said in half a sentence. */
final class Converters {
  /** The rule is that of the SIMD backend's property {@code lanewise.threads}. */
  static final int MOST_THREADS = 1024;

  private Converters() {}

  /** A number of things, of which there is at least one. */
  static final class Count implements ITypeConverter<Integer> {
    /** Makes the converter; picocli calls this. */
    Count() {}

    @Override
    public Integer convert(String value) {
      return number(value, Integer.MAX_VALUE);
    }
  }

  /** As many threads as the SIMD backend takes. */
  static final class ThreadCount implements ITypeConverter<Integer> {
    /** Makes the converter; picocli calls this. */
    ThreadCount() {}

    @Override
    public Integer convert(String value) {
      return number(value, MOST_THREADS);
    }
  }

  /** Any {@code long}. */
  static final class Seed implements ITypeConverter<Long> {
    /** Makes the converter; picocli calls this. */
    Seed() {}

    @Override
    public Long convert(String value) {
      try {
        return Long.valueOf(value);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + value + "' is not a whole number of 64 bits");
      }
    }
  }

  /** The name of a device or backend that exists; whether it can run here is asked later. */
  static final class DeviceName implements ITypeConverter<String> {
    /** What an option says of it. */
    static final String HELP =
        "Who computes: auto, cpu, gpu, or a backend that 'lanewise doctor' lists (default:"
            + " ${DEFAULT-VALUE}, the fastest).";

    /** Makes the converter; picocli calls this. */
    DeviceName() {}

    @Override
    public String convert(String value) {
      List<String> names = new ArrayList<>(Devices.ALIASES);
      Backends.providers().forEach(provider -> names.add(provider.name()));
      String name = value.toLowerCase(Locale.ROOT);
      // With a number behind it, as PyTorch has it: Devices tells what to write instead.
      int colon = name.indexOf(':');
      if (!names.contains(colon < 0 ? name : name.substring(0, colon))) {
        throw notOneOf(names, value);
      }
      return name;
    }
  }

  /** The name of a network, in lower case. */
  static final class ModelName implements ITypeConverter<TrainFashionMnist.Model> {
    /** Makes the converter; picocli calls this. */
    ModelName() {}

    @Override
    public TrainFashionMnist.Model convert(String value) {
      List<TrainFashionMnist.Model> models = List.of(TrainFashionMnist.Model.values());
      return models.stream()
          .filter(model -> model.toString().equals(value))
          .findFirst()
          .orElseThrow(() -> notOneOf(models, value));
    }
  }

  /** A regular expression. */
  static final class Regex implements ITypeConverter<Pattern> {
    /** Makes the converter; picocli calls this. */
    Regex() {}

    @Override
    public Pattern convert(String value) {
      try {
        return Pattern.compile(value);
      } catch (PatternSyntaxException e) {
        throw new TypeConversionException(
            "'%s' is not a regular expression: %s at %d"
                .formatted(
                    value, e.getDescription().toLowerCase(Locale.ROOT), Math.max(0, e.getIndex())));
      }
    }
  }

  private static TypeConversionException notOneOf(List<?> names, String value) {
    return new TypeConversionException(
        "'%s' is not one of %s"
            .formatted(
                value, names.stream().map(Object::toString).collect(Collectors.joining(", "))));
  }

  private static int number(String value, int most) {
    try {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number out of range.
    }
    throw new TypeConversionException(
        "'%s' is not a whole number from 1 to %d".formatted(value, most));
  }
}
