/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the fuzz tests share. A target is a method with {@link com.code_intelligence.jazzer.junit.FuzzTest} that takes bytes, in a
 * test class that implements {@link dev.traversion.fuzzing.FuzzTargets}; its kept inputs lie in the test resources, in {@code
 * <class>Inputs/<method>}. The build runs those and some generated ones; {@code ./traversion fuzz} searches for new ones.
 */
package dev.traversion.fuzzing;
