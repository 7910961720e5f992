package dev.lanewise.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, which Maven wrote into a resource. */
final class Version implements IVersionProvider {
  private static final String RESOURCE = "version.properties";

  /** Makes the provider; picocli calls this. */
  Version() {}

  /** {@return the version, for example {@code "0.1.0"}} */
  static String get() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"lanewise " + get()};
  }
}
