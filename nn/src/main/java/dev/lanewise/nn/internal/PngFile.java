package dev.lanewise.nn.internal;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures as PNG files. Who loads this class has made sure that java.desktop is there. */
public final class PngFile {
  private PngFile() {}

  /**
   * {@return the file's bytes}
   *
   * @param who who asks, for the error's text
   * @param image the picture
   * @throws IllegalStateException if Java has no writer of PNG files
   */
  public static byte[] of(String who, BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // ImageIO would make a file of its own for any other stream.
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException(who + ": this Java has no writer of PNG files");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
