package dev.lanewise.cuda.fake;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A call of a C function.
 *
 * @param function its C name
 * @param arguments as they came; a pointer or handle is a {@link MemorySegment}
 * @param result what it answered
 */
public record Call(String function, List<Object> arguments, Object result) {

  @Override
  public String toString() {
    return arguments.stream().map(Call::text).collect(Collectors.joining(", ", function + "(", ")"))
        + " = "
        + text(result);
  }

  private static String text(Object value) {
    return value instanceof MemorySegment pointer
        ? "0x" + Long.toHexString(pointer.address())
        : String.valueOf(value);
  }
}
