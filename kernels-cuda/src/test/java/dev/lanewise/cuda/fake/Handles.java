package dev.lanewise.cuda.fake;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What lives behind the opaque pointers of all libraries. A handle is a number that is no address
 * of any kind; a kind of handle is a class, whose simple name messages tell.
 */
final class Handles {

  /** The first handle; below it lies device memory. */
  static final long FIRST = DeviceBlocks.FIRST << 1;

  private static final long STEP = 16;

  private final Map<Long, Object> live = new HashMap<>();
  private final Map<Long, String> destroyed = new HashMap<>();
  private long next = FIRST;

  static boolean isHandle(long number) {
    return number >= FIRST && number < FIRST << 1;
  }

  /** {@return the handle of a new thing, as a pointer to store} */
  MemorySegment add(Object thing) {
    long number = next;
    next += STEP;
    live.put(number, thing);
    return MemorySegment.ofAddress(number);
  }

  /**
   * {@return the thing of a handle}
   *
   * @throws HandleFault if the handle is not that of a live thing of the kind
   */
  <T> T get(Class<T> kind, MemorySegment handle) {
    Object thing = live.get(handle.address());
    if (!kind.isInstance(thing)) {
      throw new HandleFault(reason(kind, handle.address(), thing));
    }
    return kind.cast(thing);
  }

  /**
   * {@return the thing of a handle, which ends with this}
   *
   * @throws HandleFault if the handle is not that of a live thing of the kind
   */
  <T> T remove(Class<T> kind, MemorySegment handle) {
    T thing = get(kind, handle);
    live.remove(handle.address());
    destroyed.put(handle.address(), thing.getClass().getSimpleName());
    return thing;
  }

  private String reason(Class<?> kind, long number, Object thing) {
    String what = DeviceBlocks.hex(number) + " is not a " + kind.getSimpleName() + ": ";
    if (thing != null) {
      return what + "it is a " + thing.getClass().getSimpleName();
    }
    if (number == 0) {
      return what + "it is null";
    }
    if (destroyed.containsKey(number)) {
      return what + "it is a destroyed " + destroyed.get(number);
    }
    if (DeviceBlocks.isDevice(number)) {
      return what + "it looks like a device address";
    }
    return what + (isHandle(number) ? "no handle of this number was given" : "no handle at all");
  }

  /** {@return how many things of each kind live, by the simple name of the kind} */
  Map<String, Integer> counts() {
    var counts = new TreeMap<String, Integer>();
    for (Object thing : live.values()) {
      if (!(thing instanceof Uncounted)) {
        counts.merge(thing.getClass().getSimpleName(), 1, Integer::sum);
      }
    }
    return counts;
  }

  /** What a program asks for and never destroys itself, so that it is not counted. */
  interface Uncounted {}

  /** What lives as long as the device. */
  interface Permanent extends Uncounted {}

  /** Destroys all but what is permanent. */
  void clear() {
    live.entrySet()
        .removeIf(
            entry -> {
              if (entry.getValue() instanceof Permanent) {
                return false;
              }
              destroyed.put(entry.getKey(), entry.getValue().getClass().getSimpleName());
              return true;
            });
  }
}
