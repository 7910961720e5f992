package dev.lanewise.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The generated classes hold what the headers hold, so that the next regeneration loses nothing.
 */
class HeadersTest {

  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern FUNCTION =
      Pattern.compile("^[\\w ]+[ *](\\w+)\\([^;{}]*\\);", Pattern.MULTILINE);
  private static final Pattern ENUM = Pattern.compile("enum[^;{}()]*\\{(.*?)}", Pattern.DOTALL);
  private static final Pattern CONSTANT = Pattern.compile("(\\w+)\\s*=\\s*(-?\\d+)");

  @ParameterizedTest
  @CsvSource({
    "cudart.h,      Cudart",
    "cuda_driver.h, CudaDriver",
    "cublas.h,      Cublas",
    "cublaslt.h,    CublasLt",
    "cudnn.h,       Cudnn",
    "nvrtc.h,       Nvrtc",
  })
  void functionsAndConstantsAgree(String header, String className)
      throws IOException, ReflectiveOperationException {
    String text = Files.readString(Path.of("src", "main", "headers", header));
    String code = COMMENT.matcher(text).replaceAll("");
    Class<?> generated = Class.forName(CudaLibrary.class.getPackageName() + "." + className);

    Set<String> functions =
        FUNCTION.matcher(code).results().map(m -> m.group(1)).collect(Collectors.toSet());
    Map<String, Integer> constants = new TreeMap<>();
    ENUM.matcher(code)
        .results()
        .flatMap(body -> CONSTANT.matcher(body.group(1)).results())
        .forEach(m -> constants.put(m.group(1), Integer.valueOf(m.group(2))));
    assertFalse(functions.isEmpty() || constants.isEmpty());

    Set<String> methods =
        Stream.of(generated.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .map(Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> expected = new TreeSet<>(constants.keySet());
    for (String function : functions) {
      for (String suffix : new String[] {"", "$descriptor", "$handle", "$address"}) {
        expected.add(function + suffix);
      }
    }
    assertEquals(expected, methods);
    for (Map.Entry<String, Integer> constant : constants.entrySet()) {
      assertEquals(
          constant.getValue(),
          generated.getMethod(constant.getKey()).invoke(null),
          constant::getKey);
    }
  }
}
