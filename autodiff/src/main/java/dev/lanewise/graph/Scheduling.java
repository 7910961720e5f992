package dev.lanewise.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Orders calls so that a run needs less memory: one that ends the life of its arguments, such as an
 * optimizer's step, happens as early as it may, one that only begins the life of its results as
 * late. A program that would need as much memory keeps its order.
 */
public final class Scheduling implements Pass {
  /** A moved call lets others move; after a few rounds hardly any does. */
  private static final int MOST_ROUNDS = 8;

  /** Makes the pass. */
  public Scheduling() {}

  @Override
  public String name() {
    return "scheduling";
  }

  @Override
  public Program apply(Program program) {
    Order order = new Order(program);
    for (int round = 0; round < MOST_ROUNDS && order.improve(); round++) {}
    Program scheduled = program.with(order.calls());
    boolean isSmaller = MemoryPlan.of(scheduled).byteSize() < MemoryPlan.of(program).byteSize();
    return isSmaller ? scheduled : program;
  }

  /** Calls by their number in the program, and the places where they are now. */
  private static final class Order {
    private final List<KernelCall> calls;
    private final List<Integer> order = new ArrayList<>();
    private final int[] places;

    /** The calls that a call must stay behind, and those that must stay behind it. */
    private final List<Set<Integer>> earlier = new ArrayList<>();

    private final List<Set<Integer>> later = new ArrayList<>();

    /** The temporaries of each call, and the calls of each temporary. */
    private final List<Set<Buffer>> temporaries = new ArrayList<>();

    private final Map<Buffer, Set<Integer>> users = new HashMap<>();
    private final Set<Buffer> returned = new HashSet<>();

    Order(Program program) {
      this.calls = program.instructions();
      this.places = new int[calls.size()];
      program.outputs().forEach(view -> returned.add(view.buffer()));
      for (int i = 0; i < places.length; i++) {
        order.add(i);
        places[i] = i;
        earlier.add(new HashSet<>());
        later.add(new HashSet<>());
        temporaries.add(new LinkedHashSet<>());
        join(i);
      }
    }

    private void join(int call) {
      List<View> views = new ArrayList<>(calls.get(call).writes());
      views.addAll(calls.get(call).reads());
      for (View view : views) {
        Set<Integer> before = users.computeIfAbsent(view.buffer(), b -> new LinkedHashSet<>());
        for (int other : before) {
          if (other != call && Uses.depends(calls.get(call), calls.get(other))) {
            earlier.get(call).add(other);
            later.get(other).add(call);
          }
        }
        before.add(call);
        if (view.buffer().is(Buffer.Role.TEMPORARY)) {
          temporaries.get(call).add(view.buffer());
        }
      }
    }

    List<KernelCall> calls() {
      return order.stream().map(calls::get).toList();
    }

    /** {@return whether a call could be moved with profit} */
    boolean improve() {
      boolean isMoved = false;
      for (int call : List.copyOf(order)) {
        if (stays(call)) {
          continue;
        }
        int first = first(call);
        int last = last(call);
        long up = gain(call, first);
        long down = gain(call, last);
        if (Math.max(up, down) > 0) {
          move(call, up >= down ? first : last);
          isMoved = true;
        }
      }
      return isMoved;
    }

    /**
     * {@return whether a call stays where it is, and nothing passes it} Two inputs of a run may be
     * one array, so one that writes an input does; and one that acts.
     */
    private boolean stays(int call) {
      return calls.get(call).op().acts()
          || calls.get(call).writes().stream()
              .anyMatch(view -> view.buffer().is(Buffer.Role.INPUT));
    }

    private int first(int call) {
      int least = 0;
      for (int other : earlier.get(call)) {
        least = Math.max(least, places[other] + 1);
      }
      for (int place = places[call] - 1; place >= least; place--) {
        if (stays(order.get(place))) {
          return place + 1;
        }
      }
      return least;
    }

    private int last(int call) {
      int most = places.length - 1;
      for (int other : later.get(call)) {
        most = Math.min(most, places[other] - 1);
      }
      for (int place = places[call] + 1; place <= most; place++) {
        if (stays(order.get(place))) {
          return place - 1;
        }
      }
      return most;
    }

    /** {@return how many bytes fewer are in use, over all calls, if one is moved} */
    private long gain(int call, int to) {
      int from = places[call];
      long gain = 0;
      for (Buffer buffer : temporaries.get(call)) {
        int firstBefore = from;
        int lastBefore = returned.contains(buffer) ? places.length : from;
        int firstAfter = to;
        int lastAfter = returned.contains(buffer) ? places.length : to;
        for (int other : users.get(buffer)) {
          if (other == call) {
            continue;
          }
          int place = places[other];
          int after = place > from && place <= to ? place - 1 : place;
          after = place < from && place >= to ? place + 1 : after;
          firstBefore = Math.min(firstBefore, place);
          lastBefore = Math.max(lastBefore, place);
          firstAfter = Math.min(firstAfter, after);
          lastAfter = Math.max(lastAfter, after);
        }
        gain += buffer.byteSize() * ((lastBefore - firstBefore) - (lastAfter - firstAfter));
      }
      return gain;
    }

    private void move(int call, int to) {
      int from = places[call];
      order.remove(from);
      order.add(to, call);
      for (int place = Math.min(from, to); place <= Math.max(from, to); place++) {
        places[order.get(place)] = place;
      }
    }
  }
}
