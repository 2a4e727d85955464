/* SPDX-License-Identifier: Apache-2.0 */
/** Recording: what is made for one, and what is told of it. */
package dev.traversion.operator.recording;
