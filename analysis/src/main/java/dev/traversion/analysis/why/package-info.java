/* SPDX-License-Identifier: Apache-2.0 */
/** The cause of what went wrong, with its proof. */
package dev.traversion.analysis.why;
