package dev.lanewise.nn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the programs in the Javadoc that need no files. */
class SnippetsTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/lanewise/nn");
  private static final String START = "{@snippet :\n";

  /** A program of the Javadoc, as a source file of its own. */
  private static final class Program extends SimpleJavaFileObject {
    private final String name;
    private final String text;

    Program(String name, String text) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.name = name;
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  @Test
  void programsCompileAndRun(@TempDir Path classes) throws Exception {
    List<Program> programs = programs();
    assertTrue(programs.size() >= 10, () -> programs.size() + " programs were found");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    List<String> options =
        List.of(
            "-proc:none",
            "--module-path",
            ModulePath.get(),
            "--add-modules",
            "dev.lanewise.nn",
            "-d",
            classes.toString());
    List<JavaFileObject> sources = List.copyOf(programs);
    assertTrue(
        compiler.getTask(errors, null, null, options, null, sources).call(), errors::toString);
    URL[] urls = {classes.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, getClass().getClassLoader())) {
      for (Program program : programs) {
        Class<?> type = loader.loadClass(program.name);
        Constructor<?> constructor = type.getDeclaredConstructor();
        Method main = type.getDeclaredMethod("main");
        constructor.setAccessible(true);
        main.setAccessible(true);
        main.invoke(constructor.newInstance());
      }
    }
  }

  private static List<Program> programs() throws IOException {
    List<Program> programs = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        // It shows how to read files that are not here.
        if (!file.endsWith("FashionMnist.java")) {
          addPrograms(file, programs);
        }
      }
    }
    return programs;
  }

  private static void addPrograms(Path file, List<Program> programs) {
    try {
      String source = Files.readString(file);
      for (int at = source.indexOf(START); at >= 0; at = source.indexOf(START, at + 1)) {
        String text = source.substring(at + START.length(), end(source, at));
        text = text.replaceAll("(?m)^ *\\* ?", "");
        if (text.contains("void main()")) {
          String type = file.getFileName().toString().replace(".java", "");
          programs.add(new Program("Snippet" + programs.size() + "Of" + type, text));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return where the brace that opens at an index closes} */
  private static int end(String source, int open) {
    int depth = 0;
    for (int i = open; ; i++) {
      depth += source.charAt(i) == '{' ? 1 : source.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
  }
}
