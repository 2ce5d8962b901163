CREATE TABLE "registry"."session" (
	"hash" text PRIMARY KEY NOT NULL,
	"key_id" uuid NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "registry"."session" ADD CONSTRAINT "session_key_id_key_id_fk" FOREIGN KEY ("key_id") REFERENCES "registry"."key"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "session_expires_at" ON "registry"."session" USING btree ("expires_at");