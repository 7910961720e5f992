package dev.lanewise.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void valuesAreRead() throws Exception {
    Object value =
        Json.parse(
            " {\"a\": [1, -2, 0.5, 1e-7, -1.5E+3, true, false, null], \"b\\n"
                + "\": {\"\": \"\\u00e9\"}} ");

    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("a", Arrays.asList(1L, -2L, 0.5, 1e-7, -1500.0, true, false, null));
    expected.put("b\n", Map.of("", "é"));
    assertEquals(expected, value);
    assertEquals(Long.MIN_VALUE, Json.parse("-9223372036854775808"));
    assertEquals(0L, Json.parse("0"));
  }

  @Test
  void whatIsWrittenIsReadAgain() throws Exception {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("a \"quoted\"\\name\u0001", Arrays.asList(1L, 0.1, -0.0, 1e300, 5e-324, null));
    value.put("none", List.of());
    value.put("empty", Map.of());
    value.put("truth", true);

    assertEquals(value, Json.parse(Json.write(value)));
    assertEquals(
        "{\"i\":1,\"f\":0.5,\"l\":[\"x\",false]}",
        Json.write(ordered("i", 1, "f", 0.5f, "l", List.of("x", false))));
  }

  private static Map<String, Object> ordered(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  @Test
  void whatHasNoFormIsNotWritten() {
    for (Object value : new Object[] {Double.NaN, Double.POSITIVE_INFINITY, new Object(), 'c'}) {
      var e = assertThrows(IllegalArgumentException.class, () -> Json.write(List.of(value)));
      assertTrue(e.getMessage().contains(String.valueOf(value)), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "01",
        "+1",
        ".5",
        "1.",
        "1e",
        "-",
        "1 2",
        "nul",
        "True",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":null,\"a\":1}",
        "{a:1}",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "9223372036854775808",
        "1e999",
        "NaN",
        "[1",
        "{\"a\"}",
        "\u0661"
      })
  void otherTextsAreRefused(String text) {
    assertThrows(Json.SyntaxException.class, () -> Json.parse(text));
  }

  @Test
  void nestingHasALimit() throws Exception {
    assertEquals(List.of(List.of()), Json.parse("[[]]", 2));
    assertThrows(Json.SyntaxException.class, () -> Json.parse("[[]]", 1));
    assertThrows(Json.SyntaxException.class, () -> Json.parse("[".repeat(100_000)));
  }

  @Test
  void errorsTellThePlace() {
    var e = assertThrows(Json.SyntaxException.class, () -> Json.parse("{\"a\": x}"));
    assertEquals(6, e.at());
    assertEquals("a value", e.expected());
  }
}
