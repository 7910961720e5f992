package dev.lanewise.cli;

import dev.lanewise.array.DTypeException;
import dev.lanewise.array.ShapeException;
import dev.lanewise.bench.WrongAnswerException;
import dev.lanewise.kernel.BackendUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what went wrong in one line on the error stream. A fault of Lanewise keeps its trace. */
final class Failures {
  /** How the message begins where the system has no more memory for arrays. */
  private static final String ARRAY_MEMORY = "array memory: ";

  /** What messages tell to give to Java, as in {@code -Dlanewise.backend=cuda}. */
  private static final Pattern SYSTEM_PROPERTY = Pattern.compile("-D[\\w.]+(=|$)");

  private Failures() {}

  /** {@return the exit status after wrong arguments were reported} */
  static int wrongArguments(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String help = command.getCommandSpec().qualifiedName() + " --help";
    print(command, asWritten(describe(e), e, args) + "; see '" + help + "'");
    return ExitCode.USAGE;
  }

  /** {@return a text with the name of an option that the user has written, of several} */
  private static String asWritten(String text, ParameterException e, String... args) {
    ArgSpec wrong =
        e instanceof MissingParameterException missing && missing.getMissing().size() == 1
            ? missing.getMissing().getFirst()
            : e.getArgSpec();
    if (wrong instanceof OptionSpec option) {
      for (String name : option.names()) {
        if (Arrays.stream(args).anyMatch(arg -> arg.equals(name) || arg.startsWith(name + "="))) {
          return text.replace("'" + option.longestName() + "'", "'" + name + "'");
        }
      }
    }
    return text;
  }

  /**
   * {@return the exit status after a failure was reported}
   *
   * @throws Exception the failure itself, if it is none that a user could expect
   */
  static int failed(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
    String text =
        switch (failure) {
          case IOException e -> describe(e);
          case UncheckedIOException e -> describe(e.getCause());
          case BackendUnavailableException e -> message(e);
          // The command gives shapes and types itself, so these are its own faults.
          case ShapeException _, DTypeException _ -> throw failure;
          case WrongAnswerException e -> message(e);
          case IllegalArgumentException e -> message(e);
          default -> throw failure;
        };
    print(command, text);
    // Who was asked for can not compute here: no fault of what is computed.
    return failure instanceof BackendUnavailableException ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }

  private static String describe(IOException failure) {
    return switch (failure) {
      case AccessDeniedException e -> e.getFile() + ": reading it is not permitted";
      case FileSystemException e when e.getReason() == null -> e.getFile() + ": cannot be read";
      default -> message(failure);
    };
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  /** {@return the exit status after a lack of memory was reported} */
  static int outOfMemory(OutOfMemoryError e, CommandLine command) {
    String text = message(e);
    // Arrays lie outside the heap: a larger heap would leave them less.
    String cure =
        text.startsWith(ARRAY_MEMORY)
            ? "use a smaller --batch, or close other programs"
            : "give the heap more with LANEWISE_JAVA_OPTS=\"-Xmx8g\", or use a smaller --batch";
    print(command, "not enough memory: " + text + "; " + cure);
    return ExitCode.SOFTWARE;
  }

  private static void print(CommandLine command, String text) {
    // An argument that is quoted in the text may hold line breaks.
    command.getErr().println("lanewise: " + text.replaceAll("\\p{Cntrl}+", " "));
  }

  private static String describe(ParameterException failure) {
    return switch (failure) {
      case UnmatchedArgumentException e -> unmatched(e);
      default -> {
        String text = failure.getMessage();
        yield text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
      }
    };
  }

  private static String unmatched(UnmatchedArgumentException e) {
    CommandLine command = e.getCommandLine();
    String first = e.getUnmatched().getFirst();
    if (SYSTEM_PROPERTY.matcher(first).lookingAt()) {
      return "'%s' is for the JVM: give it as LANEWISE_JAVA_OPTS=\"%s\" before the command"
          .formatted(first, first);
    }
    String kind =
        e.isUnknownOption()
            ? "unknown option"
            : command.getSubcommands().isEmpty() ? "unexpected argument" : "unknown command";
    // The first is the nearest; those behind it may be far.
    List<String> near = e.getSuggestions();
    String advice = near.isEmpty() ? "" : " (did you mean " + near.getFirst() + "?)";
    return kind + " '" + first + "'" + advice;
  }
}
