CREATE SCHEMA IF NOT EXISTS "users";
--> statement-breakpoint
CREATE TABLE "users"."refresh_token" (
	"hash" text PRIMARY KEY NOT NULL,
	"session_id" uuid NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "users"."session" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users"."signing_key" (
	"kid" text PRIMARY KEY NOT NULL,
	"private_key" jsonb NOT NULL,
	"state" text NOT NULL,
	"current_since" timestamp (3) with time zone,
	"published_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "users"."user" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"password_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "users"."refresh_token" ADD CONSTRAINT "refresh_token_session_id_session_id_fk" FOREIGN KEY ("session_id") REFERENCES "users"."session"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users"."session" ADD CONSTRAINT "session_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "refresh_token_session" ON "users"."refresh_token" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "session_user" ON "users"."session" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "session_expires_at" ON "users"."session" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "signing_key_one_per_state" ON "users"."signing_key" USING btree ("state") WHERE "users"."signing_key"."state" <> 'retired';--> statement-breakpoint
CREATE UNIQUE INDEX "user_email_unique" ON "users"."user" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "user_created_at" ON "users"."user" USING btree ("created_at","id");