/** What is told about results: {@link dev.lanewise.bench.report.Table}. */
package dev.lanewise.bench.report;
