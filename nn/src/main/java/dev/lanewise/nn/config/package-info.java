/**
 * What layers are made of, as a file keeps it: {@link dev.lanewise.nn.config.Config}, a type and
 * its settings by name.
 */
package dev.lanewise.nn.config;
