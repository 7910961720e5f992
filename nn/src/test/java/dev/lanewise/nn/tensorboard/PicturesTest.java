package dev.lanewise.nn.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.lanewise.array.DType;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataClass;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.Summary;

class PicturesTest {
  @TempDir private Path folder;

  /** {@return the samples of a PNG by rows, columns and channels, as they lie in the file} */
  private static int[] decode(byte[] png) throws IOException {
    Raster raster = ImageIO.read(new ByteArrayInputStream(png)).getRaster();
    return raster.getPixels(0, 0, raster.getWidth(), raster.getHeight(), (int[]) null);
  }

  private static int[] onlyPicture(Tensor image) throws IOException {
    Pictures pictures = Pictures.of(image);
    assertEquals(1, pictures.pngs().size());
    return decode(pictures.pngs().getFirst());
  }

  @Test
  void grayIsOnePlane() throws IOException {
    Tensor image = Tensor.of(new float[] {0, 1, 0.5f, 0.2f, 1 / 255f, 254.4f / 255}, 2, 3);
    int[] expected = {0, 255, 128, 51, 1, 254};
    assertArrayEquals(expected, onlyPicture(image));
    assertArrayEquals(expected, onlyPicture(image.reshape(1, 2, 3)));
    assertArrayEquals(expected, onlyPicture(image.reshape(1, 1, 2, 3)));
    assertArrayEquals(expected, onlyPicture(image.cast(DType.F64)));
    // A view that is no copy.
    assertArrayEquals(new int[] {0, 51, 255, 1, 128, 254}, onlyPicture(image.transpose()));
  }

  @Test
  void whatIsOutsideIsTheNearerEnd() throws IOException {
    Tensor odd = Tensor.of(new float[] {-1, 2, Float.NaN, 1 / 0f, -1 / 0f, -0f}, 1, 6);
    assertArrayEquals(new int[] {0, 255, 0, 255, 0, 0}, onlyPicture(odd));
  }

  @Test
  void integersAreSamples() throws IOException {
    Tensor image = Tensor.of(new int[] {0, 1, 255, 256, -1, 128}, 3, 2);
    int[] expected = {0, 1, 255, 255, 0, 128};
    assertArrayEquals(expected, onlyPicture(image));
    assertArrayEquals(expected, onlyPicture(image.cast(DType.I64)));
    Tensor mask = Tensor.of(new float[] {0, 1}, 1, 2).cast(DType.BOOL);
    assertArrayEquals(new int[] {0, 255}, onlyPicture(mask));
  }

  @Test
  void planesBecomePixels() throws IOException {
    Tensor colors = Tensor.of(new int[] {1, 2, 11, 12, 21, 22, 101, 102}, 4, 1, 2);
    assertArrayEquals(new int[] {1, 11, 21, 101, 2, 12, 22, 102}, onlyPicture(colors));
    Tensor opaque = Tensor.of(new int[] {1, 2, 11, 12, 21, 22}, 3, 2, 1);
    assertArrayEquals(new int[] {1, 11, 21, 2, 12, 22}, onlyPicture(opaque));
    // Red first: (0, 0) is red for every reader.
    Tensor red = Tensor.of(new float[] {1, 0, 0}, 3, 1, 1);
    byte[] png = Pictures.of(red).pngs().getFirst();
    assertEquals(0xffff0000, ImageIO.read(new ByteArrayInputStream(png)).getRGB(0, 0));
  }

  @Test
  void aBatchIsOneSummaryOfAll() throws IOException {
    Tensor batch = Tensor.of(new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 3, 1, 2);
    try (EventWriter writer = EventWriter.open(folder)) {
      writer.image("digits", batch, 5);
    }
    assertEquals(5, EventFile.read(EventFile.only(folder)).getFirst().getStep());
    Summary.Value value = EventFile.onlyValue(folder);
    assertEquals("digits", value.getTag());
    assertEquals("images", value.getMetadata().getPluginData().getPluginName());
    assertEquals(DataClass.DATA_CLASS_BLOB_SEQUENCE, value.getMetadata().getDataClass());
    assertEquals(DataType.DT_STRING, value.getTensor().getDtype());
    assertEquals(4, value.getTensor().getTensorShape().getDim(0).getSize());
    List<ByteString> strings = value.getTensor().getStringValList();
    assertEquals("2", strings.get(0).toStringUtf8(), "the width");
    assertEquals("1", strings.get(1).toStringUtf8(), "the height");
    assertArrayEquals(new int[] {1, 3, 5, 2, 4, 6}, decode(strings.get(2).toByteArray()));
    assertArrayEquals(new int[] {7, 9, 11, 8, 10, 12}, decode(strings.get(3).toByteArray()));
  }

  @Test
  void aPngIsTakenAsItIs() throws IOException {
    byte[] png = Pictures.of(Tensor.ones(3, 20, 300)).pngs().getFirst();
    try (EventWriter writer = EventWriter.open(folder)) {
      writer.image("plot", png, 1);
      byte[] cut = Arrays.copyOf(png, 20);
      var e = assertThrows(IllegalArgumentException.class, () -> writer.image("plot", cut, 2));
      assertEquals(
          "EventWriter.image: the 20 bytes must be those of a PNG file, which start with 89 50 4e"
              + " 47",
          e.getMessage());
      assertThrows(IllegalArgumentException.class, () -> writer.image("plot", new byte[100], 2));
    }
    List<ByteString> strings = EventFile.onlyValue(folder).getTensor().getStringValList();
    assertEquals("300", strings.get(0).toStringUtf8());
    assertEquals("20", strings.get(1).toStringUtf8());
    assertArrayEquals(png, strings.get(2).toByteArray());
  }

  @Test
  void otherShapesAreRefused() throws IOException {
    int[][] shapes = {{4}, {28, 28, 1}, {2, 8, 8}, {5, 2, 8, 8}, {1, 1, 3, 4, 4}, {0, 3, 4, 4}};
    try (EventWriter writer = EventWriter.open(folder)) {
      for (int[] shape : shapes) {
        Tensor image = Tensor.zeros(shape);
        var e = assertThrows(ShapeException.class, () -> writer.image("x", image, 0));
        assertTrue(e.getMessage().contains("not " + image.shape()), e.getMessage());
      }
    }
    assertEquals(List.of(), EventFile.read(EventFile.only(folder)));
  }
}
