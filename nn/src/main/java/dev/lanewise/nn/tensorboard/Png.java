package dev.lanewise.nn.tensorboard;

import dev.lanewise.nn.internal.PngFile;
import java.awt.image.BufferedImage;

/** Makes PNG files. Who loads this class has made sure that java.desktop is there. */
final class Png {
  private Png() {}

  /**
   * {@return a file}
   *
   * @param samples the pixels by rows, each {@code channels} numbers from 0 to 255
   * @param channels 1: gray, 3: red, green, blue, 4: opacity too
   * @param width in pixels
   * @param height in pixels
   */
  static byte[] encode(int[] samples, int channels, int width, int height) {
    int type =
        channels == 1
            ? BufferedImage.TYPE_BYTE_GRAY
            : channels == 3 ? BufferedImage.TYPE_3BYTE_BGR : BufferedImage.TYPE_4BYTE_ABGR;
    BufferedImage image = new BufferedImage(width, height, type);
    // By bands, whose order is that of the channels whatever the name of the type.
    image.getRaster().setPixels(0, 0, width, height, samples);
    return PngFile.of("EventWriter.image", image);
  }
}
