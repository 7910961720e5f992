package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.LibraryTester.ok;
import static dev.lanewise.cuda.fake.LibraryTester.some;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.lanewise.bindings.cuda.Cudnn;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The batch normalization of the double's cuDNN, through the bindings. */
final class CudnnBatchNormalizationDoubleTest {

  private static final int BAD = 2000;
  private static final int SPATIAL = Cudnn.CUDNN_BATCHNORM_SPATIAL();
  private static final int PER_ACTIVATION = Cudnn.CUDNN_BATCHNORM_PER_ACTIVATION();
  private static final MemorySegment NULL = MemorySegment.NULL;

  private final CudnnTester dnn = new CudnnTester();
  private final LibraryTester t = dnn.t;
  private final MemorySegment h = dnn.handle;

  @AfterEach
  void destroy() {
    dnn.close();
  }

  @Test
  void trainingByHand() {
    // channel 0 holds 1, 3, 5, 7: mean 4, variance 5, unbiased 20 / 3; channel 1 is constant
    MemorySegment shape = dnn.floats(2, 2, 1, 2);
    MemorySegment channels = dnn.floats(1, 2, 1, 1);
    MemorySegment x = t.floats(1, 3, 2, 2, 5, 7, 2, 2);
    MemorySegment y = t.floats(new double[8]);
    MemorySegment mean = t.floats(10, 10);
    MemorySegment variance = t.floats(1, 1);
    MemorySegment saved = t.floats(0, 0);
    MemorySegment inverse = t.floats(0, 0);
    ok(
        Cudnn.cudnnBatchNormalizationForwardTraining(
            h,
            SPATIAL,
            t.f(1),
            t.f(0),
            shape,
            x,
            shape,
            y,
            channels,
            t.floats(2, 1),
            t.floats(0.5, -1),
            0.1,
            mean,
            variance,
            4,
            saved,
            inverse));
    // 1 / sqrt(5 + 4) = 1/3
    t.assertFloats(y, 1e-6, -1.5, 0.5 - 2 / 3.0, -1, -1, 0.5 + 2 / 3.0, 2.5, -1, -1);
    t.assertFloats(saved, 1e-6, 4, 2);
    t.assertFloats(inverse, 1e-6, 1 / 3.0, 0.5);
    t.assertFloats(mean, 1e-6, 9.4, 9.2);
    t.assertFloats(variance, 1e-6, 0.9 + 2 / 3.0, 0.9);

    ok(
        Cudnn.cudnnBatchNormalizationForwardInference(
            h,
            SPATIAL,
            t.f(1),
            t.f(1),
            shape,
            x,
            shape,
            y,
            channels,
            t.floats(2, 1),
            t.floats(0, 0),
            t.floats(1, 2),
            t.floats(3, 0),
            1));
    // 2 * (x - 1) / sqrt(3 + 1), and beta 1 adds what was there
    t.assertFloats(y, 1e-6, -1.5, 2.5 - 2 / 3.0, -1, -1, 4.5 + 2 / 3.0, 8.5, -1, -1);
  }

  /** The sum of {@code dy * y} as a function of x, scale and bias. */
  private static double loss(
      double[] x, double[] scale, double[] bias, double[] dy, int places, boolean perActivation) {
    int groups = scale.length;
    double sum = 0;
    for (int g = 0; g < groups; g++) {
      double mean = 0;
      double square = 0;
      int count = 0;
      for (int i = 0; i < x.length; i++) {
        if (group(i, groups, places, perActivation) == g) {
          mean += x[i];
          square += x[i] * x[i];
          count++;
        }
      }
      mean /= count;
      double variance = square / count - mean * mean;
      for (int i = 0; i < x.length; i++) {
        if (group(i, groups, places, perActivation) == g) {
          sum += dy[i] * (scale[g] * (x[i] - mean) / Math.sqrt(variance + 0.1) + bias[g]);
        }
      }
    }
    return sum;
  }

  private static int group(int i, int groups, int places, boolean perActivation) {
    return perActivation ? i % groups : i / places % groups;
  }

  @Test
  void theWayBackByDifferences() {
    for (boolean perActivation : new boolean[] {false, true}) {
      int groups = perActivation ? 6 : 3;
      double[] x = some(4 * 3 * 2, 1);
      double[] dy = some(x.length, 2);
      double[] scale = some(groups, 3);
      double[] bias = some(groups, 4);
      MemorySegment shape = dnn.doubles(4, 3, 1, 2);
      MemorySegment params = perActivation ? dnn.doubles(1, 3, 1, 2) : dnn.doubles(1, 3, 1, 1);
      MemorySegment dx = t.doubles(new double[x.length]);
      MemorySegment dScale = t.doubles(some(groups, 9));
      MemorySegment dBias = t.doubles(some(groups, 9));
      ok(
          Cudnn.cudnnBatchNormalizationBackward(
              h,
              perActivation ? PER_ACTIVATION : SPATIAL,
              t.d(1),
              t.d(0),
              t.d(2),
              t.d(1),
              shape,
              t.doubles(x),
              shape,
              t.doubles(dy),
              shape,
              dx,
              params,
              t.doubles(scale),
              dScale,
              dBias,
              0.1,
              NULL,
              NULL));
      double step = 1e-5;
      for (int i = 0; i < x.length; i++) {
        double[] more = x.clone();
        double[] less = x.clone();
        more[i] += step;
        less[i] -= step;
        double slope =
            (loss(more, scale, bias, dy, 2, perActivation)
                    - loss(less, scale, bias, dy, 2, perActivation))
                / (2 * step);
        assertEquals(slope, t.read(NumberType.F64, dx, x.length)[i], 1e-7);
      }
      double base = loss(x, scale, bias, dy, 2, perActivation);
      for (int g = 0; g < groups; g++) {
        double old = some(groups, 9)[g];
        double[] more = scale.clone();
        more[g] += 1;
        double scaleSlope = loss(x, more, bias, dy, 2, perActivation) - base;
        assertEquals(old + 2 * scaleSlope, t.read(NumberType.F64, dScale, groups)[g], 1e-9);
        double[] shifted = bias.clone();
        shifted[g] += 1;
        double biasSlope = loss(x, scale, shifted, dy, 2, perActivation) - base;
        assertEquals(old + 2 * biasSlope, t.read(NumberType.F64, dBias, groups)[g], 1e-9);
      }
    }
  }

  @Test
  void savedStatisticsAreUsedAsTheyAre() {
    MemorySegment shape = dnn.floats(2, 1, 1, 1);
    MemorySegment one = dnn.floats(1, 1, 1, 1);
    MemorySegment dx = t.floats(0, 0);
    MemorySegment dScale = t.floats(0);
    MemorySegment dBias = t.floats(0);
    ok(
        Cudnn.cudnnBatchNormalizationBackward(
            h,
            SPATIAL,
            t.f(1),
            t.f(0),
            t.f(1),
            t.f(0),
            shape,
            t.floats(1, 3),
            shape,
            t.floats(1, 1),
            shape,
            dx,
            one,
            t.floats(1),
            dScale,
            dBias,
            0,
            t.floats(0),
            t.floats(2)));
    t.assertFloats(dScale, 0, 8); // (1 - 0) * 2 + (3 - 0) * 2
    t.assertFloats(dBias, 0, 2);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    MemorySegment shape = dnn.floats(2, 2, 1, 1);
    MemorySegment channels = dnn.floats(1, 2, 1, 1);
    MemorySegment x = t.floats(1, 2, 3, 4);
    MemorySegment p = t.floats(1, 1);
    MemorySegment q = t.floats(1, 1);
    t.refused(
        BAD,
        Cudnn.cudnnBatchNormalizationForwardTraining(
            h, SPATIAL, t.f(1), t.f(0), shape, x, shape, x, shape, p, p, 0.1, p, q, 1, p, q),
        "the parameters are");
    t.refused(
        BAD,
        Cudnn.cudnnBatchNormalizationForwardTraining(
            h, SPATIAL, t.f(1), t.f(0), shape, x, shape, x, channels, p, p, 0.1, p, NULL, 1, p, q),
        "exactly one is null");
    t.refused(
        BAD,
        Cudnn.cudnnBatchNormalizationForwardTraining(
            h, SPATIAL, t.f(1), t.f(0), shape, x, shape, x, channels, p, p, 0.1, p, q, -1, p, q),
        "epsilon is -1");
    t.refused(
        BAD,
        Cudnn.cudnnBatchNormalizationForwardInference(
            h, 3, t.f(1), t.f(0), shape, x, shape, x, channels, p, p, p, p, 1),
        "no batch norm mode 3");
    t.refused(
        BAD,
        Cudnn.cudnnBatchNormalizationForwardInference(
            h, SPATIAL, t.f(1), t.f(0), shape, x, shape, x, channels, p, NULL, p, p, 1),
        "bnBias is null");
    MemorySegment halves = dnn.tensor(Cudnn.CUDNN_DATA_HALF(), 1, 2, 1, 1);
    t.refused(
        BAD,
        Cudnn.cudnnBatchNormalizationForwardInference(
            h, SPATIAL, t.f(1), t.f(0), shape, x, shape, x, halves, p, p, p, p, 1),
        "the parameters are F16");
  }
}
