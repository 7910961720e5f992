package dev.lanewise.nn.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lanewise.array.DType;
import dev.lanewise.autodiff.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataClass;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Summary;

class HistogramTest {
  @TempDir private Path folder;

  private static double[] column(Histogram histogram, int column) {
    return IntStream.range(0, 30).mapToDouble(k -> histogram.rows()[3 * k + column]).toArray();
  }

  @Test
  void countsBetweenLeastAndGreatest() {
    // 0, 1, …, 30: one in each bucket, and the greatest beside the one below it.
    float[] values = new float[31];
    for (int i = 0; i < values.length; i++) {
      values[i] = 30 - i;
    }
    Histogram histogram = Histogram.of(values);
    double[] counts = new double[30];
    Arrays.fill(counts, 1);
    counts[29] = 2;
    assertArrayEquals(counts, column(histogram, 2));
    assertArrayEquals(
        IntStream.range(0, 30).asDoubleStream().toArray(), column(histogram, 0), 1e-12);
    assertArrayEquals(
        IntStream.range(1, 31).asDoubleStream().toArray(), column(histogram, 1), 1e-12);
    assertEquals(0, histogram.leftOut());
  }

  @Test
  void oneValueIsInTheLastBucket() {
    Histogram histogram = Histogram.of(new float[] {0.1f, 0.1f, 0.1f});
    double[] ends = new double[30];
    Arrays.fill(ends, 0.1f);
    double[] counts = new double[30];
    counts[29] = 3;
    assertArrayEquals(ends, column(histogram, 0));
    assertArrayEquals(ends, column(histogram, 1));
    assertArrayEquals(counts, column(histogram, 2));
  }

  @Test
  void nothingIsAllZero() {
    assertArrayEquals(new double[90], Histogram.of(new float[0]).rows());
    Histogram none = Histogram.of(new float[] {Float.NaN, 1 / 0f});
    assertArrayEquals(new double[90], none.rows());
    assertEquals(2, none.leftOut());
  }

  @Test
  void theGreatestRangeHasBucketsToo() {
    double big = Double.MAX_VALUE;
    Histogram histogram = Histogram.of(Tensor.of(new double[] {-big, big, 1, -1, big / 2}));
    double[] counts = new double[30];
    counts[0] = 1; // -big
    counts[14] = 0;
    counts[15] = 2; // 1 and -1, both in the middle as far as numbers of this size go
    counts[22] = 1; // three quarters of the way
    counts[29] = 1;
    assertArrayEquals(counts, column(histogram, 2));
    assertEquals(-big, histogram.rows()[0]);
    assertEquals(big, histogram.rows()[88]);

    Histogram tiny = Histogram.of(Tensor.of(new double[] {0, Double.MIN_VALUE}));
    assertEquals(1, tiny.rows()[2]);
    assertEquals(1, tiny.rows()[89]);
  }

  @Test
  void everyTypeCounts() {
    for (DType dtype : DType.values()) {
      Tensor values = Tensor.of(new float[] {0, 1, 1, 0, 1, 1}, 2, 3).cast(dtype);
      Histogram histogram = Histogram.of(values);
      assertEquals(2, histogram.rows()[2], dtype.toString());
      assertEquals(4, histogram.rows()[89], dtype.toString());
    }
  }

  @Property(tries = 300)
  void eachValueIsInItsBucket(@ForAll float[] values) {
    Histogram histogram = Histogram.of(values);
    double[] left = column(histogram, 0);
    double[] right = column(histogram, 1);
    double[] counts = column(histogram, 2);
    double sum = 0;
    for (int k = 0; k < 30; k++) {
      sum += counts[k];
      assertTrue(left[k] <= right[k]);
      assertTrue(k == 0 || left[k] == right[k - 1]);
      // An end may be off by a rounding, and so may be what lies beside it.
      double slack = 1e-12 * (right[29] - left[0]);
      double lower = left[k];
      double upper = right[k];
      long within = 0;
      long surely = 0;
      for (float x : values) {
        within += x >= lower - slack && x <= upper + slack ? 1 : 0;
        surely += x > lower + slack && x < upper - slack ? 1 : 0;
      }
      assertTrue(surely <= counts[k] && counts[k] <= within);
    }
    assertEquals(values.length, sum + histogram.leftOut());
  }

  @Test
  void isATensorOfItsPart() throws IOException {
    Tensor weights = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).transpose();
    try (EventWriter writer = EventWriter.open(folder)) {
      writer.histogram("w/0", weights, 3);
      writer.histogram("w/1", new float[] {1, 2, 3, 4, 5, 6}, 4);
    }
    var events = EventFile.read(EventFile.only(folder));
    assertEquals(2, events.size());
    double[] rows = Histogram.of(weights).rows();
    for (int i = 0; i < 2; i++) {
      Summary.Value value = EventFile.value(events.get(i));
      assertEquals(3 + i, events.get(i).getStep());
      assertEquals("w/" + i, value.getTag());
      assertEquals("histograms", value.getMetadata().getPluginData().getPluginName());
      assertEquals(DataClass.DATA_CLASS_TENSOR, value.getMetadata().getDataClass());
      assertEquals(DataType.DT_DOUBLE, value.getTensor().getDtype());
      assertEquals(30, value.getTensor().getTensorShape().getDim(0).getSize());
      assertEquals(3, value.getTensor().getTensorShape().getDim(1).getSize());
      assertArrayEquals(
          rows,
          value.getTensor().getDoubleValList().stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  @Test
  void saysOnceWhatItLeavesOut() throws IOException {
    List<String> said = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            said.add(entry.getLevel() + " " + entry.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("dev.lanewise.nn");
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    try (EventWriter writer = EventWriter.open(folder)) {
      writer.histogram("w", new float[] {1, 2}, 0);
      writer.histogram("w", new float[] {1, Float.NaN, -1 / 0f}, 1234);
      writer.histogram("w", new float[] {Float.NaN}, 1235);
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }
    assertEquals(
        List.of(
            "WARNING EventWriter.histogram: \"w\" leaves out 2 of 3 values, NaN or infinite, at"
                + " step 1234"),
        said);
    assertEquals(3, EventFile.read(EventFile.only(folder)).size());
  }
}
