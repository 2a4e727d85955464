/* SPDX-License-Identifier: Apache-2.0 */
/** What questions about causes take. */
package dev.traversion.analysis.why.bench;
