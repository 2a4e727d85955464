/* SPDX-License-Identifier: Apache-2.0 */
/** What may have caused a trouble that no rule leads back from: what was changed near it, the likeliest first. */
package dev.traversion.analysis.why.near;
