/** What the packages of this module share; not exported. */
package dev.lanewise.nn.internal;
