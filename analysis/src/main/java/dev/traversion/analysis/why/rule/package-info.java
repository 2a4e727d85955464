/* SPDX-License-Identifier: Apache-2.0 */
/** The rules that lead from a trouble back to what caused it, one a class. */
package dev.traversion.analysis.why.rule;
