package dev.lanewise.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Where temporaries lie in one block of memory: those that are not needed at the same time share
 * it. An elementwise result is written over an argument that nobody needs afterwards.
 */
final class MemoryPlan {
  private static final long ALIGNMENT = 64;

  /** The place of one temporary, or of several that follow one another in place. */
  static final class Place {
    private final long byteSize;
    private Liveness.Span span;
    private long offset;

    Place(long byteSize, Liveness.Span span) {
      this.byteSize = byteSize;
      this.span = span;
    }

    long offset() {
      return offset;
    }

    long byteSize() {
      return byteSize;
    }

    private long end() {
      return offset + aligned(byteSize);
    }
  }

  private final Map<Buffer, Place> places;
  private final long byteSize;

  private MemoryPlan(Map<Buffer, Place> places, long byteSize) {
    this.places = places;
    this.byteSize = byteSize;
  }

  /** {@return a plan for a program's temporaries} */
  static MemoryPlan of(Program program) {
    Map<Buffer, Liveness.Span> spans = Liveness.of(program);
    Map<Buffer, Place> places = new HashMap<>();
    List<Place> all = new ArrayList<>();
    for (Map.Entry<Buffer, Liveness.Span> entry : spans.entrySet()) {
      Buffer buffer = entry.getKey();
      Buffer under = overwritten(program, spans, places, buffer, entry.getValue());
      if (under == null) {
        Place place = new Place(buffer.byteSize(), entry.getValue());
        all.add(place);
        places.put(buffer, place);
      } else {
        Place place = places.get(under);
        place.span = place.span.and(entry.getValue());
        places.put(buffer, place);
      }
    }
    return new MemoryPlan(places, arrange(all));
  }

  /**
   * {@return the argument in whose place a result can be written; {@code null} if there is none}
   */
  private static Buffer overwritten(
      Program program,
      Map<Buffer, Liveness.Span> spans,
      Map<Buffer, Place> places,
      Buffer result,
      Liveness.Span span) {
    if (span.first() == program.instructions().size()) {
      return null;
    }
    KernelCall maker = program.instructions().get(span.first());
    if (!(maker.op() instanceof Op.Elementwise)) {
      return null;
    }
    View out =
        maker.writes().stream().filter(view -> view.buffer() == result).findFirst().orElse(null);
    if (out == null || !out.isWhole()) {
      return null;
    }
    for (View in : maker.reads()) {
      Buffer buffer = in.buffer();
      boolean fits =
          buffer.is(Buffer.Role.TEMPORARY)
              && buffer != result
              && buffer.byteSize() == result.byteSize()
              && buffer.dtype() == result.dtype()
              && spans.get(buffer).last() == span.first()
              && places.get(buffer).span.last() == span.first()
              // Another result of the call may have taken the place.
              && maker.writes().stream()
                  .noneMatch(v -> places.get(v.buffer()) == places.get(buffer))
              && maker.reads().stream()
                  .allMatch(v -> v.buffer() != buffer || v.layout().equals(out.layout()))
              && maker.writes().stream().noneMatch(v -> v.buffer() == buffer);
      if (fits) {
        return buffer;
      }
    }
    return null;
  }

  /** Gives each place the lowest room that is free in its span, large ones first. */
  private static long arrange(List<Place> all) {
    List<Place> bySize = new ArrayList<>(all);
    bySize.sort(Comparator.comparingLong(Place::byteSize).reversed());
    List<Place> done = new ArrayList<>();
    long end = 0;
    for (Place place : bySize) {
      List<Place> beside =
          done.stream()
              .filter(other -> other.span.meets(place.span))
              .sorted(Comparator.comparingLong(Place::offset))
              .toList();
      long offset = 0;
      for (Place other : beside) {
        if (other.offset - offset >= aligned(place.byteSize)) {
          break;
        }
        offset = Math.max(offset, other.end());
      }
      place.offset = offset;
      done.add(place);
      end = Math.max(end, place.end());
    }
    return end;
  }

  private static long aligned(long bytes) {
    return (Math.max(bytes, 1) + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** {@return the place of each temporary} */
  Map<Buffer, Place> places() {
    return places;
  }

  /** {@return the size of the block} */
  long byteSize() {
    return byteSize;
  }

  /** {@return how many bytes are in use at each of so many calls} */
  long[] used(int calls) {
    long[] used = new long[calls];
    for (Place place : new HashSet<>(places.values())) {
      for (int i = place.span.first(); i <= Math.min(place.span.last(), calls - 1); i++) {
        used[i] += aligned(place.byteSize);
      }
    }
    return used;
  }

  /** {@return what a program's temporaries take if each has memory of its own} */
  static long eagerBytes(Program program) {
    return Liveness.of(program).keySet().stream()
        .mapToLong(buffer -> aligned(buffer.byteSize()))
        .sum();
  }
}
