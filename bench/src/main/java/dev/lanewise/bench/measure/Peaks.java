package dev.lanewise.bench.measure;

import dev.lanewise.array.DType;
import dev.lanewise.bench.cases.Lengths;
import dev.lanewise.bench.cases.Work;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.DoubleSupplier;

/**
 * What this machine can do at most, as measured: the two roofs of S. Williams, A. Waterman and D.
 * Patterson, "Roofline: an insightful visual performance model", 2009.
 *
 * @param threads how many threads ran at once
 * @param f32 fused multiply-adds in {@code f32}, GFLOP/s
 * @param f64 fused multiply-adds in {@code f64}, GFLOP/s
 * @param triad memory bandwidth of {@code a = b + s · c}, GB/s
 * @param read memory bandwidth of a sum, GB/s
 * @param copy memory bandwidth of a copy, GB/s
 * @param cacheTriad {@code triad} on arrays that stay in a core's cache, GB/s
 */
public record Peaks(
    int threads,
    double f32,
    double f64,
    double triad,
    double read,
    double copy,
    double cacheTriad) {
  private static final int ROUNDS = 9;
  private static final long ROUND_NANOS = 15_000_000;

  /** In billions a second: less is what vectors cost that are objects on the heap. */
  private static final double SURELY_FASTER = 3;

  /** Few, so that the JIT sees many calls and compiles the whole method. */
  private static final int TURNS = 1000;

  /** {@return the peaks, after two or three seconds} */
  public static Peaks measure(int threads) {
    try (Arena arena = Arena.ofShared()) {
      List<Bandwidth.Arrays> large = new ArrayList<>();
      List<Bandwidth.Arrays> small = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        large.add(Bandwidth.Arrays.in(arena, Lengths.IN_MEMORY / threads));
        small.add(Bandwidth.Arrays.in(arena, Lengths.IN_CACHE));
      }
      return new Peaks(
          threads,
          fma(DType.F32, threads),
          fma(DType.F64, threads),
          bandwidth(Bandwidth.TRIAD, large),
          bandwidth(Bandwidth.READ, large),
          bandwidth(Bandwidth.COPY, large),
          bandwidth(Bandwidth.TRIAD, small));
    }
  }

  private static double fma(DType dtype, int threads) {
    List<DoubleSupplier> loops = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      loops.add(() -> FmaLoop.run(dtype, TURNS));
    }
    double gigaflops = 1e-9 * FmaLoop.flops(dtype, TURNS);
    return gigaflops * callsPerSecond(loops, gigaflops / SURELY_FASTER);
  }

  private static double bandwidth(Bandwidth loop, List<Bandwidth.Arrays> arrays) {
    List<DoubleSupplier> loops = new ArrayList<>();
    for (Bandwidth.Arrays mine : arrays) {
      loops.add(() -> loop.run(mine));
    }
    double gigabytes = 1e-9 * loop.bytes(arrays.getFirst().length());
    return gigabytes * callsPerSecond(loops, gigabytes / SURELY_FASTER);
  }

  /**
   * {@return calls in a second, of all threads together, in the best round; the first rounds warm
   * up}
   */
  private static double callsPerSecond(List<DoubleSupplier> loops, double expected) {
    DoubleSupplier first = loops.getFirst();
    double[] sink = new double[1];
    Rounds.THOROUGH.warmUp(() -> sink[0] += first.getAsDouble(), expected);
    CyclicBarrier start = new CyclicBarrier(loops.size());
    double[][] rates = new double[loops.size()][ROUNDS];
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < loops.size(); i++) {
      DoubleSupplier loop = loops.get(i);
      double[] mine = rates[i];
      threads.add(Thread.ofPlatform().daemon().start(() -> rounds(start, loop, mine)));
    }
    threads.forEach(Peaks::join);
    double best = 0;
    for (int round = 0; round < ROUNDS; round++) {
      double sum = 0;
      for (double[] mine : rates) {
        sum += mine[round];
      }
      best = Math.max(best, sum);
    }
    return best;
  }

  private static void rounds(CyclicBarrier start, DoubleSupplier loop, double[] rates) {
    double sink = 0;
    for (int round = 0; round < ROUNDS; round++) {
      await(start);
      long begin = System.nanoTime();
      long elapsed;
      int calls = 0;
      do {
        sink += loop.getAsDouble();
        calls++;
        elapsed = System.nanoTime() - begin;
      } while (elapsed < ROUND_NANOS);
      rates[round] = 1e9 * calls / elapsed;
    }
    if (Double.isNaN(sink)) { // never; but the JIT cannot know
      throw new IllegalStateException("a peak's loop computed NaN");
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException("a peak's measurement was interrupted", e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a peak's measurement was interrupted", e);
    }
  }

  /** {@return the peak of arithmetic in a type, GFLOP/s} */
  public double arithmetic(DType dtype) {
    return dtype == DType.F64 ? f64 : f32;
  }

  /** {@return the bandwidth that counts for work, GB/s: that of caches if the operands fit one} */
  public double bandwidth(Work work) {
    return work.fitsCache() ? cacheTriad : triad;
  }

  /** {@return the most that work can reach, in its unit} */
  public double roof(Work work) {
    return work.isArithmetic()
        ? Math.min(arithmetic(work.dtype()), bandwidth(work) * work.flops() / work.bytes())
        : bandwidth(work);
  }
}
