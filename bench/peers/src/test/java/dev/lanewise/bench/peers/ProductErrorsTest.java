package dev.lanewise.bench.peers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.bench.cases.Exact;
import dev.lanewise.bench.cases.Gemm;
import dev.lanewise.bench.cases.Kernel;
import dev.lanewise.bench.peer.Peer;
import dev.lanewise.bench.peer.Peers;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products of floats are as close to those of doubles as OpenBLAS's, which sums in parts too. */
class ProductErrorsTest {
  private static final Backend SIMD = Backends.named("simd");
  private static final Peer OPEN_BLAS = openBlas();

  private static Peer openBlas() {
    Peer peer =
        Peers.all().stream().filter(p -> p.name().equals("OpenBLAS")).findFirst().orElseThrow();
    assertTrue(peer.availability().isAvailable(), () -> peer.availability().toString());
    peer.useThreads(1);
    return peer;
  }

  /** How far a product is from the exact one. */
  private record Errors(double rms, double largest) {
    static Errors of(Kernel kernel, Exact exact) {
      try (kernel) {
        kernel.run();
        double squares = 0;
        double largest = 0;
        for (int i = 0; i < exact.size(); i++) {
          double error = Math.abs(kernel.element(i) - exact.elements().at(i).value());
          squares += error * error;
          largest = Math.max(largest, error);
        }
        return new Errors(Math.sqrt(squares / exact.size()), largest);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "64, 64, 64",
    "256, 64, 256",
    "300, 300, 300",
    "64, 784, 128",
    "128, 784, 512",
    "1024, 1024, 10",
    "256, 2048, 256",
    "1, 2048, 256",
    "96, 8192, 96"
  })
  void errorsAreNoLarger(int m, int k, int n) {
    for (Gemm.Form form : Gemm.Form.values()) {
      Gemm gemm = new Gemm(DType.F32, form, m, k, n);
      List<float[]> inputs = gemm.inputs();
      check(gemm, inputs);
      // Sums that grow lose more than those whose terms cancel each other.
      for (float[] values : inputs) {
        for (int i = 0; i < values.length; i++) {
          values[i] = Math.abs(values[i]);
        }
      }
      check(gemm, inputs);
    }
  }

  private static void check(Gemm gemm, List<float[]> inputs) {
    Exact exact = gemm.exact(inputs);
    Errors ours = Errors.of(gemm.on(SIMD, inputs), exact);
    Errors theirs = Errors.of(OPEN_BLAS.prepare(gemm, inputs).orElseThrow(), exact);
    // The largest of many errors is a matter of luck, their mean is not.
    assertTrue(
        ours.rms <= 1.02 * theirs.rms && ours.largest <= 1.5 * theirs.largest,
        () -> gemm.id() + ": " + ours + ", but OpenBLAS " + theirs);
  }
}
