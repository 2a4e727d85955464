/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.rule.Tier;
import java.util.List;

/**
 * A step of a chain.
 *
 * @param rule its name
 * @param object what the step leads from
 * @param at ns
 */
public record Step(String rule, Tier tier, Version object, long at, String text, List<Evidence> evidence) {}
